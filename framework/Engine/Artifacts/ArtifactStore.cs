using Experiments.Contracts.Artifacts;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// Committed outputs, shared by all runs, each in a folder named by what made it: <c>train-bpe-3f9a0c5d12b4e687</c>. Work in progress lies
/// under <c>tmp/</c>, a folder an attempt, and becomes an artifact by one rename.
/// </summary>
/// <param name="root">The store's folder.</param>
/// <param name="warn">Is told what was found damaged and set aside.</param>
public sealed class ArtifactStore(string root, Action<string> warn)
{
    private const int KeyDigitsInName = 16;

    /// <summary>The store's folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The committed artifact of a key, or null. A damaged one is set aside as <c>.bad</c> and counts as absent.</summary>
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

    /// <summary>All committed artifacts that are whole as far as sizes tell, ordered by name.</summary>
    public IEnumerable<StoredArtifact> All() => Folders().Select(folder => Open(folder, hash: false).Artifact).OfType<StoredArtifact>();

    /// <summary>What the store says of a key, for a person to read; null when it is not there. Nothing is set aside.</summary>
    public ArtifactManifest? Peek(string plugin, string key) =>
        Open(Path.Combine(Root, Name(plugin, key)), hash: false).Artifact?.Manifest is { } manifest && manifest.Key == key ? manifest : null;

    /// <summary>Reads every byte of every artifact and sets the damaged ones aside.</summary>
    /// <returns>How many are whole, and how many were damaged.</returns>
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

    /// <summary>Moves a damaged artifact out of the way, unless another process just did; it will be made again.</summary>
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

    /// <summary>Removes all attempts at a key. A worker whose host died may still be writing there: what it leaves behind is left to <c>lab gc</c>.</summary>
    public void RemoveWork(string plugin, string key) => Discard(WorkFolder(plugin, key));

    /// <summary>The folder under which all attempts at a key work.</summary>
    public string WorkFolder(string plugin, string key) => Path.Combine(Root, "tmp", Name(plugin, key));

    /// <summary>
    /// Commits an attempt's output: fsync everything, the manifest last, then one rename onto a name that does not exist.
    /// When another attempt was first, its artifact is returned and this one is dropped.
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

    /// <summary>Takes a folder out of sight by one rename, then removes what is in it.</summary>
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
                // Something was created in it meanwhile.
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
        [.. Directory.EnumerateDirectories(Root).Where(folder => Path.GetFileName(folder) is var name && name != "tmp" && !name.Contains(".bad", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Name(string plugin, string key) => $"{plugin}-{key[..KeyDigitsInName]}";
}
