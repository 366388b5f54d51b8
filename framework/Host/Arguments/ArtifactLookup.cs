using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;

namespace Experiments.Host.Arguments;

/// <summary>Finds artifacts of one type in a folder of runs.</summary>
/// <param name="runsFolder">The folder of runs and artifacts.</param>
/// <param name="type">The artifact type, such as Checkpoint.</param>
public sealed class ArtifactLookup(string runsFolder, string type)
{
    private readonly IReadOnlyList<StoredArtifact> _artifacts =
        [.. new ArtifactStore(Path.Combine(runsFolder, "artifacts"), Console.Error.WriteLine).All()
            .Where(artifact => artifact.Manifest.Parts is [var part] && part.Type == type)
            .OrderByDescending(artifact => artifact.Manifest.Finished)];

    /// <summary>The newest artifact of the type, or null.</summary>
    /// <param name="isMaker">Whether the plugin with this name may have made it; null for any plugin.</param>
    public StoredArtifact? Newest(Func<string, bool>? isMaker = null) =>
        _artifacts.FirstOrDefault(artifact => isMaker is null || isMaker(artifact.Manifest.Plugin));

    /// <summary>The newest artifact of the type that a stage with this name made, or null.</summary>
    public StoredArtifact? MadeBy(string stage)
    {
        var keys = new RunCatalog(runsFolder).Runs
            .SelectMany(run => run.Journal.Reverse())
            .Where(entry => (string?)entry["stage"] == stage && (string?)entry["event"] == RunEvents.StageDone)
            .Select(entry => (string?)entry["key"]);
        return keys.Select(key => _artifacts.FirstOrDefault(artifact => artifact.Manifest.Key == key)).FirstOrDefault(artifact => artifact is not null);
    }
}
