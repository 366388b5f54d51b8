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

        string? damage;
        try
        {
            var artifact = new StoredArtifact(folder, ArtifactManifest.Read(Path.Combine(folder, ArtifactLocation.ManifestFile)));
            damage = artifact.Manifest.Key != key ? "its manifest has another key" : artifact.Damage(hash: false);
            if (damage is null)
            {
                return artifact;
            }
        }
        catch (Exception problem) when (problem is InvalidDataException or FileNotFoundException)
        {
            damage = problem.Message;
        }

        SetAside(folder, damage);
        return null;
    }

    /// <summary>All committed artifacts whose manifest can be read, ordered by name.</summary>
    public IEnumerable<StoredArtifact> All() =>
        from folder in Folders()
        let manifest = TryRead(Path.Combine(folder, ArtifactLocation.ManifestFile))
        where manifest is not null
        select new StoredArtifact(folder, manifest);

    /// <summary>The folders of artifacts whose manifest is there but cannot be read, ordered by name.</summary>
    public IEnumerable<string> Torn() =>
        from folder in Folders()
        let manifest = Path.Combine(folder, ArtifactLocation.ManifestFile)
        where File.Exists(manifest) && TryRead(manifest) is null
        select folder;

    /// <summary>What the store says of a key, for a person to read; null when it is not there. Nothing is checked and nothing set aside.</summary>
    public ArtifactManifest? Peek(string plugin, string key)
    {
        var manifest = TryRead(Path.Combine(Root, Name(plugin, key), ArtifactLocation.ManifestFile));
        return manifest?.Key == key ? manifest : null;
    }

    /// <summary>Moves a damaged artifact out of the way; it will be made again.</summary>
    public void SetAside(string folder, string damage)
    {
        var number = 0;
        string aside;
        do
        {
            aside = $"{folder}.bad{(number == 0 ? "" : number)}";
            number++;
        }
        while (!DurableFiles.TryRename(folder, aside));
        warn($"artifact {Path.GetFileName(folder)} is damaged ({damage}); set aside as {Path.GetFileName(aside)}, it will be made again");
    }

    /// <summary>The folder under which all attempts at a key work.</summary>
    public string WorkFolder(string plugin, string key) => Path.Combine(Root, "tmp", Name(plugin, key));

    /// <summary>
    /// Commits an attempt's output: fsync everything, the manifest last, then one rename onto a name that does not exist.
    /// When another attempt was first, its artifact is returned and this one is dropped.
    /// </summary>
    public StoredArtifact Commit(string outputFolder, string plugin, ArtifactManifest manifest)
    {
        File.WriteAllText(Path.Combine(outputFolder, ArtifactLocation.ManifestFile), manifest.ToJson());
        DurableFiles.SyncTree(outputFolder);
        var folder = Path.Combine(Root, Name(plugin, manifest.Key));
        return DurableFiles.TryRename(outputFolder, folder)
            ? new StoredArtifact(folder, manifest)
            : Find(plugin, manifest.Key) ?? Commit(outputFolder, plugin, manifest);
    }

    private IEnumerable<string> Folders() => !Directory.Exists(Root) ? [] :
        Directory.EnumerateDirectories(Root).Where(folder => !Path.GetFileName(folder).Contains(".bad", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static ArtifactManifest? TryRead(string manifest)
    {
        try
        {
            return File.Exists(manifest) ? ArtifactManifest.Read(manifest) : null;
        }
        catch (Exception problem) when (problem is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // torn, or removed since it was looked for
        }
    }

    private static string Name(string plugin, string key) => $"{plugin}-{key[..KeyDigitsInName]}";
}
