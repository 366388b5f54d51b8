namespace Experiments.Contracts.Artifacts;

/// <summary>A typed folder: the output of a stage, or files from outside that a recipe names with <c>file:</c>.</summary>
/// <remarks>Each type's summary says what is on disk.</remarks>
public abstract class Artifact(ArtifactLocation location)
{
    /// <summary>The folder; of files from outside, the deepest folder that holds them all.</summary>
    public string Folder => location.Folder;

    /// <summary>Absolute paths of its files, in ordinal order.</summary>
    public IReadOnlyList<string> Files => field ??= location.Files ?? [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(path => !ArtifactLocation.IsBookkeeping(Path.GetRelativePath(Folder, path))).Order(StringComparer.Ordinal)];

    /// <summary>What made it; null for files from outside.</summary>
    public ArtifactOrigin? Origin => location.Origin;
}

/// <summary>Where an artifact lies.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Files">The files that count, or null for all in the folder.</param>
/// <param name="Origin">What made it.</param>
public sealed record ArtifactLocation(string Folder, IReadOnlyList<string>? Files = null, ArtifactOrigin? Origin = null)
{
    /// <summary>The manifest of an artifact folder.</summary>
    public const string ManifestFile = "artifact.json";

    /// <summary>The metrics of the stage that made it, a JSON object a line.</summary>
    public const string MetricsFile = "metrics.jsonl";

    /// <summary>Whether a file is about the artifact and not of it: such files are no part of its digest.</summary>
    public static bool IsBookkeeping(string relativePath) => relativePath is ManifestFile or MetricsFile;

    /// <summary>All files of a folder.</summary>
    public static implicit operator ArtifactLocation(string folder) => new(folder);
}
