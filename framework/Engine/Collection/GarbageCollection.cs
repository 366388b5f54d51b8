using System.Security.Cryptography;
using Experiments.Contracts.Artifacts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Collection;

/// <summary>
/// Finds and removes what no run needs, without harm to runs in progress. The collection first renames each item into
/// its own folder, then reads the journals again, and puts back what a run has come to need. A run first writes what it
/// found into its journal, then checks that it still exists. So at least one of the two always sees the other.
/// </summary>
/// <param name="runsFolder">The folder of runs and artifacts.</param>
/// <param name="keep">Number of newest runs to keep per recipe, with everything that they used. At least 1.</param>
/// <param name="time">The clock.</param>
public sealed class GarbageCollection(string runsFolder, int keep, TimeProvider time)
{
    /// <summary>How long a compiled plugin is kept after its compilation.</summary>
    public static readonly TimeSpan PluginAge = TimeSpan.FromDays(7);

    private const string TrashPrefix = ".gc-";

    private readonly ArtifactStore _store = new(Path.Combine(runsFolder, "artifacts"), _ => { });

    private string WorkRoot => Path.Combine(_store.Root, "tmp");

    /// <summary>Why it is not known what some runs used, so that everything that they may have used is kept.</summary>
    public IReadOnlyList<string> Doubts { get; private set; } = [];

    /// <summary>What nothing needs, ordered by kind, the largest first.</summary>
    /// <param name="withRuns">Whether to include the folders of old runs.</param>
    public IReadOnlyList<Garbage> Find(bool withRuns)
    {
        var runs = new RunCatalog(runsFolder);
        var found = Artifacts().Concat(Attempts()).Concat(Plugins()).Concat(withRuns ? Runs(runs) : []).OfType<Garbage>().ToList();
        var kept = Kept(runs, []);
        Doubts = kept.Doubts;
        return [.. found.Where(garbage => !kept.Needs(garbage)).OrderBy(garbage => garbage.Kind).ThenByDescending(garbage => garbage.Bytes)];
    }

    /// <summary>Removes garbage.</summary>
    /// <param name="garbage">What <see cref="Find"/> found.</param>
    /// <param name="isAside">Called after everything is set aside and before anything is removed; for tests. Default:
    /// null.</param>
    /// <returns>What was removed, without items that a run came to need or that were already gone.</returns>
    public IReadOnlyList<Garbage> Remove(IReadOnlyList<Garbage> garbage, Action? isAside = null)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var trash = Path.Combine(WorkRoot, TrashPrefix + id);
        using var lease = Lease.TryTake(trash, id, time).Lease;
        List<(Garbage What, string Aside)> aside = [];
        foreach (var (each, index) in garbage.Select((each, index) => (each, index)))
        {
            var place = Path.Combine(trash, $"{index}");
            if (Directory.Exists(each.Path) && DurableFiles.TryRename(each.Path, place))
            {
                aside.Add((each, place));
            }
        }

        isAside?.Invoke();
        var kept = Kept(new RunCatalog(runsFolder), aside.Where(each => each.What.Kind == GarbageKind.Artifact).Select(each => each.Aside));
        var (needed, removed) = (aside.Where(each => IsNeeded(each.What, each.Aside)).ToList(), aside.Where(each => !IsNeeded(each.What, each.Aside)).ToList());
        needed.ForEach(each => PutBack(each.Aside, each.What.Path));
        var isEmpty = removed.ConvertAll(each => TryDelete(each.Aside)).TrueForAll(isGone => isGone);
        lease?.Dispose();
        if (isEmpty)
        {
            TryDelete(trash);
        }

        return [.. removed.Select(each => each.What)];

        bool IsNeeded(Garbage what, string place) =>
            kept.Needs(what) || (what.Kind is GarbageKind.Attempt or GarbageKind.Leftover && Lease.Holder(place, time.GetUtcNow(), RunProcess.Silence) is not null);
    }

    /// <summary>
    /// Deletes a folder that was set aside. A process whose time is over may still write there; the next collection finds
    /// what it leaves.
    /// </summary>
    private static bool TryDelete(string folder)
    {
        try
        {
            DurableFiles.Remove(folder);
            return true;
        }
        catch (IOException problem) when (!DiskSpace.IsExhausted(problem))
        {
            return false;
        }
    }

    /// <summary>
    /// Puts a folder back. If a new folder has taken its place, the old folder's subfolders are moved into it. An
    /// artifact that was made again is as good as the old one.
    /// </summary>
    private static void PutBack(string aside, string path)
    {
        if (!DurableFiles.TryRename(aside, path))
        {
            foreach (var folder in Directory.EnumerateDirectories(aside))
            {
                DurableFiles.TryRename(folder, Path.Combine(path, Path.GetFileName(folder)));
            }
        }
    }

    private KeptWork Kept(RunCatalog runs, IEnumerable<string> asideArtifacts)
    {
        var read = Folders(_store.Root).Where(folder => ArtifactStore.Owns(folder) && !IsSetAside(folder)).Concat(asideArtifacts).Select(folder => (Folder: folder, Manifest: Manifest(folder))).ToList();
        return new(runs, read.Select(each => each.Manifest).OfType<ArtifactManifest>(), read.Where(each => each.Manifest is null).Select(each => each.Folder), keep, time.GetUtcNow());
    }

    private IEnumerable<Garbage?> Artifacts()
    {
        foreach (var folder in Folders(_store.Root).Where(folder => ArtifactStore.Owns(folder)))
        {
            var manifest = IsSetAside(folder) ? null : Manifest(folder);
            yield return manifest is not null ? Describe(GarbageKind.Artifact, folder, "no kept run used it, and no kept artifact was made from it", manifest.Key) is { } artifact ? artifact with { Changed = manifest.Finished } : null
                : IsSetAside(folder) ? Describe(GarbageKind.Damaged, folder, "it was found damaged and set aside", "")
                : Describe(GarbageKind.Damaged, folder, "it has no readable manifest");
        }
    }

    private static bool IsSetAside(string folder) => Path.GetFileName(folder).Contains(".bad", StringComparison.Ordinal);

    private static ArtifactManifest? Manifest(string folder)
    {
        try
        {
            return ArtifactManifest.Read(Path.Combine(folder, ArtifactLocation.ManifestFile));
        }
        catch (Exception problem) when (problem is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private IEnumerable<Garbage?> Attempts() =>
        from folder in Folders(WorkRoot)
        where Lease.Holder(folder, time.GetUtcNow(), RunProcess.Silence) is null
        let name = Path.GetFileName(folder)
        select name.StartsWith(TrashPrefix, StringComparison.Ordinal)
            ? Describe(GarbageKind.Leftover, folder, "left behind by an interrupted collection")
            : Describe(GarbageKind.Attempt, folder, "no process uses it, and no kept run will resume it", name[(name.LastIndexOf('-') + 1)..]);

    private IEnumerable<Garbage?> Plugins() => Folders(Path.Combine(runsFolder, "plugins"))
        .Select(folder => Describe(GarbageKind.Plugin, folder, $"compiled more than {PluginAge.TotalDays} days ago; it is compiled again when a recipe needs it"))
        .Where(garbage => time.GetUtcNow() - garbage?.Changed > PluginAge);

    private IEnumerable<Garbage?> Runs(RunCatalog runs) => runs.Runs.Where(run => SentState.IsSent(run.Folder.TrackingFile))
        .Select(run => Describe(GarbageKind.Run, run.Folder.Path, $"{run.Recipe} has {keep} newer {(keep == 1 ? "run" : "runs")}"));

    /// <summary>Describes a folder; null when it vanished, because a run removed it. Files that vanish do not count.</summary>
    private static Garbage? Describe(GarbageKind kind, string folder, string why, string? key = null)
    {
        var (bytes, changed) = (0L, Directory.GetLastWriteTimeUtc(folder));
        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", all))
            {
                (bytes, changed) = file.Exists ? (bytes + file.Length, file.LastWriteTimeUtc > changed ? file.LastWriteTimeUtc : changed) : (bytes, changed);
            }
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return Directory.Exists(folder) ? new(kind, folder, bytes, changed, why, key) : null;
        }

        return new(kind, folder, bytes, changed, why, key);
    }

    private static IEnumerable<string> Folders(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal) : [];
}
