namespace Experiments.Contracts.Artifacts;

/// <summary>A typed folder: the output of a stage, or external files that a recipe names with <c>file:</c>.</summary>
/// <remarks>The summary of each type describes the files.</remarks>
public abstract class Artifact(ArtifactLocation location)
{
    /// <summary>The folder. For external files, the deepest folder that contains all of them.</summary>
    public string Folder => location.Folder;

    /// <summary>Absolute paths of its files, in ordinal order.</summary>
    public IReadOnlyList<string> Files => field ??= location.Files ??
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Where(path => !ArtifactLocation.IsBookkeeping(Path.GetRelativePath(Folder, path)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The stage that made it; null for external files.</summary>
    public ArtifactOrigin? Origin => location.Origin;
}

/// <summary>Where an artifact is.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Files">The artifact's files; null means all files in the folder.</param>
/// <param name="Origin">The stage that made it; null for external files.</param>
public sealed record ArtifactLocation(string Folder, IReadOnlyList<string>? Files = null, ArtifactOrigin? Origin = null)
{
    /// <summary>The manifest of an artifact folder.</summary>
    public const string ManifestFile = "artifact.json";

    /// <summary>The metrics of the stage that made it, one JSON object per line.</summary>
    public const string MetricsFile = "metrics.jsonl";

    /// <summary>
    /// Whether a file describes the artifact instead of belonging to it. Such files are not part of its digest.
    /// </summary>
    public static bool IsBookkeeping(string relativePath) => relativePath is ManifestFile or MetricsFile;

    /// <summary>All files of a folder.</summary>
    public static implicit operator ArtifactLocation(string folder) => new(folder);
}
