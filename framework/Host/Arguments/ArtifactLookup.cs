using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;
using Experiments.Engine.Yaml;

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
    public StoredArtifact? MadeBy(string stage) =>
        Made().Where(made => made.Stage == stage).Select(made => made.Artifact).FirstOrDefault();

    /// <summary>
    /// <c> Did you mean 'base'?</c> for a name that is near that of a stage that made such an artifact, or near one of the other names.
    /// </summary>
    /// <param name="name">The wrong name.</param>
    /// <param name="others">Other names that would be right.</param>
    public string Guess(string name, params IEnumerable<string> others) => Suggestion.Guess(name, Made().Select(made => made.Stage).Concat(others).Distinct());

    /// <summary>The artifacts with the stages that made them, the newest run first.</summary>
    private IEnumerable<(string Stage, StoredArtifact Artifact)> Made() =>
        from run in new RunCatalog(runsFolder).Runs
        from entry in run.Journal.Reverse()
        where (string?)entry["event"] == RunEvents.StageDone
        let stage = (string?)entry["stage"]
        let artifact = _artifacts.FirstOrDefault(artifact => artifact.Manifest.Key == (string?)entry["key"])
        where stage is not null && artifact is not null
        select (stage, artifact);
}
