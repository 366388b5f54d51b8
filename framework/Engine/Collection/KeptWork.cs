using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Collection;

/// <summary>
/// What must be kept: the newest runs of each recipe and its newest finished run, all runs in progress, all artifacts
/// that these runs used, and everything that those artifacts were made from. A run in progress has not named all
/// artifacts that it will find yet; the newest finished run has named most of them.
/// </summary>
public sealed class KeptWork
{
    private readonly HashSet<string> _runs;
    private readonly HashSet<string> _keys;
    private readonly HashSet<string> _unfinished;

    /// <summary>Finds what must be kept.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="manifests">All artifacts.</param>
    /// <param name="keep">Number of newest runs to keep per recipe.</param>
    /// <param name="now">The time.</param>
    public KeptWork(RunCatalog runs, IEnumerable<ArtifactManifest> manifests, int keep, DateTimeOffset now)
    {
        var running = runs.Runs.Where(run => run.Status(now) == RunStatus.Running).ToList();
        var newest = runs.Runs
            .GroupBy(run => run.Recipe)
            .SelectMany(recipe => recipe.Take(keep).Union(recipe.Where(run => run.Status(now) == RunStatus.Done).Take(1)));
        IReadOnlyList<RunRecord> kept = [.. newest.Union(running)];
        IsAnyRunning = running.Count > 0;
        _runs = [.. kept.Select(run => run.Folder.Path)];
        _keys = [.. kept.SelectMany(run => run.Journal).Select(entry => (string?)entry["key"]).OfType<string>()];
        _unfinished = [.. kept.SelectMany(run => run.Stages.Values).Where(stage => !stage.IsDone).Select(stage => stage.Key).OfType<string>()];

        var parents = manifests.ToLookup(manifest => manifest.Key, manifest => manifest.Parents);
        var open = new Stack<string>(_keys);
        while (open.TryPop(out var key))
        {
            foreach (var parent in parents[key].SelectMany(each => each).Where(_keys.Add))
            {
                open.Push(parent);
            }
        }
    }

    /// <summary>Whether a run is in progress.</summary>
    public bool IsAnyRunning { get; }

    /// <summary>Whether it must be kept.</summary>
    public bool Needs(Garbage garbage) => garbage.Kind switch
    {
        GarbageKind.Artifact => _keys.Contains(garbage.Key!),
        GarbageKind.Attempt => _unfinished.Any(key => key.StartsWith(garbage.Key!, StringComparison.Ordinal)),
        GarbageKind.Plugin => IsAnyRunning,
        GarbageKind.Run => _runs.Contains(garbage.Path),
        _ => false,
    };
}
