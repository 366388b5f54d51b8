using Experiments.Contracts.Artifacts;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// The store of committed outputs, shared by all runs. Each output is in a folder named by plugin and key:
/// <c>train-bpe-3f9a0c5d12b4e687</c>. Work in progress is under <c>tmp/</c>, in one folder per attempt; one rename
/// makes it an artifact.
/// </summary>
/// <param name="root">The store's folder.</param>
/// <param name="warn">Receives a message for each artifact that was found damaged and set aside.</param>
public sealed class ArtifactStore(string root, Action<string> warn)
{
    private const int KeyDigitsInName = 16;

    /// <summary>The store's folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>
    /// The committed artifact of a key, or null. A damaged artifact is renamed to <c>.bad</c> and counts as absent.
    /// </summary>
    public StoredArtifact? Find(string plugin, string key)
    {
        var folder = Path.Combine(Root, Name(plugin, key));
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var (artifact, damage) = Open(folder, hash: false);
        if (artifact is not null && artifact.Manifest.Key == key)
        {
            return artifact;
        }

        SetAside(folder, damage ?? "its manifest has another key");
        return null;
    }

    /// <summary>All committed artifacts whose files have the recorded sizes, ordered by name.</summary>
    public IEnumerable<StoredArtifact> All() => Folders().Select(folder => Open(folder, hash: false).Artifact).OfType<StoredArtifact>();

    /// <summary>The manifest of a key, for display; null when the store does not have it. Sets nothing aside.</summary>
    public ArtifactManifest? Peek(string plugin, string key) =>
        Open(Path.Combine(Root, Name(plugin, key)), hash: false).Artifact?.Manifest is { } manifest && manifest.Key == key ? manifest : null;

    /// <summary>Reads every byte of every artifact and sets the damaged ones aside.</summary>
    /// <returns>The number of intact and of damaged artifacts.</returns>
    public (int Whole, int Damaged) Verify()
    {
        var (whole, damaged) = (0, 0);
        foreach (var folder in Folders())
        {
            if (Open(folder, hash: true).Damage is { } damage)
            {
                SetAside(folder, damage);
                damaged++;
            }
            else
            {
                whole++;
            }
        }

        return (whole, damaged);
    }

    /// <summary>
    /// Renames a damaged artifact, so that it is made again. Does nothing when another process just did so.
    /// </summary>
    public void SetAside(string folder, string damage)
    {
        for (var number = 0; Directory.Exists(folder); number++)
        {
            var aside = $"{folder}.bad{(number == 0 ? "" : number)}";
            if (DurableFiles.TryRename(folder, aside))
            {
                warn($"artifact {Path.GetFileName(folder)} is damaged ({damage}); set aside as {Path.GetFileName(aside)}, it will be made again");
                return;
            }
        }
    }

    /// <summary>Removes an artifact.</summary>
    public void Remove(StoredArtifact artifact) => Discard(artifact.Folder);

    /// <summary>
    /// Removes all attempts at a key. A worker whose host died may still be writing there; what it leaves is removed by
    /// <c>lab gc</c>.
    /// </summary>
    public void RemoveWork(string plugin, string key) => Discard(WorkFolder(plugin, key));

    /// <summary>The folder that holds all attempts at a key.</summary>
    public string WorkFolder(string plugin, string key) => Path.Combine(Root, "tmp", Name(plugin, key));

    /// <summary>
    /// Commits an attempt's output: fsyncs all files, writes the manifest last, then renames the folder to a name that
    /// does not exist yet. When another attempt was first, returns that attempt's artifact and drops this one.
    /// </summary>
    public StoredArtifact Commit(string outputFolder, string plugin, ArtifactManifest manifest)
    {
        FaultPoint.Reach();
        File.WriteAllText(Path.Combine(outputFolder, ArtifactLocation.ManifestFile), manifest.ToJson());
        DurableFiles.SyncTree(outputFolder);
        var folder = Path.Combine(Directory.CreateDirectory(Root).FullName, Name(plugin, manifest.Key));
        return DurableFiles.TryRename(outputFolder, folder)
            ? new StoredArtifact(folder, manifest)
            : Find(plugin, manifest.Key) ?? Commit(outputFolder, plugin, manifest);
    }

    /// <summary>
    /// Removes a folder: first renames it, so that nobody sees it half removed, then deletes its contents.
    /// </summary>
    private void Discard(string folder)
    {
        var doomed = Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "tmp")).FullName, $"removed-{Path.GetFileName(folder)}-{Guid.NewGuid():N}");
        if (DurableFiles.TryRename(folder, doomed))
        {
            try
            {
                DurableFiles.Remove(doomed);
            }
            catch (IOException problem) when (!DiskSpace.IsExhausted(problem))
            {
                // Another process created something in it meanwhile.
            }
        }
    }

    private static (StoredArtifact? Artifact, string? Damage) Open(string folder, bool hash)
    {
        try
        {
            var artifact = new StoredArtifact(folder, ArtifactManifest.Read(Path.Combine(folder, ArtifactLocation.ManifestFile)));
            var damage = artifact.Damage(hash);
            return (damage is null ? artifact : null, damage);
        }
        catch (Exception problem) when (problem is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, problem.Message);
        }
    }

    private IReadOnlyList<string> Folders() =>
        !Directory.Exists(Root) ? [] :
    [
        .. Directory.EnumerateDirectories(Root)
            .Where(folder => IsName(Path.GetFileName(folder)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether a folder has the name of an artifact, or of one that was set aside. Other folders are somebody else's.</summary>
    internal static bool Owns(string folder) => IsName(Path.GetFileName(folder).Split(".bad")[0]);


    private static bool IsName(string folder) =>
        folder.Length > KeyDigitsInName + 1 && folder[^(KeyDigitsInName + 1)] == '-' && folder.AsSpan(folder.Length - KeyDigitsInName).IndexOfAnyExcept("0123456789abcdef") < 0;

    private static string Name(string plugin, string key) => $"{plugin}-{key[..KeyDigitsInName]}";
}
