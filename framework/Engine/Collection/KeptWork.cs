using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Collection;

/// <summary>
/// What must be kept: the newest runs of each recipe and its newest finished run, all runs that may be in progress, all
/// artifacts that these runs used, and everything that those artifacts were made from. A run in progress has not named
/// all artifacts that it will find yet; the newest finished run has named most of them.
/// </summary>
/// <remarks>
/// When it cannot be known what a kept run used, because its files are damaged, all artifacts and attempts are kept, and
/// <see cref="Doubts"/> says why.
/// </remarks>
public sealed class KeptWork
{
    private const int KeyDigitsInName = 16;

    private readonly HashSet<string> _runs;
    private readonly HashSet<string> _keys;
    private readonly HashSet<string> _unfinished;

    /// <summary>Finds what must be kept.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="manifests">All artifacts whose manifest can be read.</param>
    /// <param name="unreadable">The folders of artifacts whose manifest cannot be read.</param>
    /// <param name="keep">Number of newest runs to keep per recipe.</param>
    /// <param name="now">The time.</param>
    public KeptWork(RunCatalog runs, IEnumerable<ArtifactManifest> manifests, IEnumerable<string> unreadable, int keep, DateTimeOffset now)
    {
        var running = runs.Runs.Where(run => run.MayBeRunning(now)).ToList();
        IReadOnlyList<RunRecord> kept = [.. runs.Runs.GroupBy(run => run.Recipe).SelectMany(recipe => Newest([.. recipe], keep, now)).Union(running)];
        IsAnyRunning = running.Count > 0;
        _runs = [.. kept.Select(run => run.Folder.Path), .. runs.Runs.Where(run => run.Damage.Count > 0).Select(run => run.Folder.Path)];
        _keys = [.. kept.SelectMany(run => run.Journal).Select(entry => (string?)entry["key"]).OfType<string>()];
        _unfinished = [.. kept.SelectMany(run => run.Stages.Values).Where(stage => !stage.IsDone).Select(stage => stage.Key).OfType<string>()];
        foreach (var run in kept.Where(run => run.Stages.Count < (run.Resolved?["stages"]?.AsObject().Count ?? int.MaxValue)))
        {
            _keys.UnionWith(run.TrackedKeys());
        }

        var parents = manifests.ToLookup(manifest => manifest.Key, manifest => manifest.Parents);
        var open = new Stack<string>(_keys);
        while (open.TryPop(out var key))
        {
            foreach (var parent in parents[key].SelectMany(each => each).Where(_keys.Add))
            {
                open.Push(parent);
            }
        }

        Doubts =
        [
            .. from run in kept
               where run.MayHaveUsedMore
               select $"run {run.Id} of {run.Recipe} may have used artifacts that its damaged files do not name{(run.Damage.Count == 0 ? "" : $" ({string.Join("; ", run.Damage)})")}: `lab resume {run.Id}` writes them down again; if nobody needs the run, delete its folder",
            .. from folder in unreadable
               where _keys.Any(key => IsOf(folder, key))
               select $"artifact {Path.GetFileName(folder)}, which a run uses, has no readable manifest, so what it was made from is not known: `lab verify` sets it aside",
        ];
    }

    /// <summary>Whether a run may be in progress.</summary>
    public bool IsAnyRunning { get; }

    /// <summary>Why it is not known what the kept runs used; empty when it is known.</summary>
    public IReadOnlyList<string> Doubts { get; }

    /// <summary>Whether it must be kept.</summary>
    public bool Needs(Garbage garbage) => garbage.Kind switch
    {
        GarbageKind.Artifact => Doubts.Count > 0 || _keys.Contains(garbage.Key!),
        GarbageKind.Damaged => garbage.Key is null && (Doubts.Count > 0 || _keys.Any(key => IsOf(garbage.Path, key))),
        GarbageKind.Attempt => Doubts.Count > 0 || _unfinished.Any(key => key.StartsWith(garbage.Key!, StringComparison.Ordinal)),
        GarbageKind.Plugin => IsAnyRunning,
        GarbageKind.Run => _runs.Contains(garbage.Path),
        _ => false,
    };

    /// <summary>
    /// The newest runs of a recipe, and those down to its newest finished one that may be finished: the end of a damaged
    /// journal is not known.
    /// </summary>
    private static IEnumerable<RunRecord> Newest(IReadOnlyList<RunRecord> recipe, int keep, DateTimeOffset now)
    {
        var untilDone = recipe.TakeWhile(run => run.Status(now) != RunStatus.Done).ToList();
        return recipe.Take(keep).Union(untilDone.Where(run => run.JournalDamage is not null)).Union(recipe.Skip(untilDone.Count).Take(1));
    }

    private static bool IsOf(string folder, string key) =>
        key.Length >= KeyDigitsInName && Path.GetFileName(folder).EndsWith("-" + key[..KeyDigitsInName], StringComparison.Ordinal);
}
