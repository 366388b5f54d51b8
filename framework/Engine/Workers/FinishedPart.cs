using Experiments.Contracts.Artifacts;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>One part of the output of a finished stage, as its worker saw it.</summary>
/// <param name="Name">The subfolder, or empty when the part is the whole folder.</param>
/// <param name="Type">The artifact type that the stage returned.</param>
/// <param name="Files">Its files.</param>
public sealed record FinishedPart(string Name, string Type, IReadOnlyList<FinishedFile> Files)
{
    /// <summary>Lists the files of a part.</summary>
    /// <param name="outputFolder">The stage's output folder.</param>
    /// <param name="name">The part.</param>
    /// <param name="type">The artifact type.</param>
    /// <exception cref="InvalidDataException">The folder holds what cannot be kept.</exception>
    public static FinishedPart Of(string outputFolder, string name, string type)
    {
        var folder = Path.Combine(outputFolder, name);
        List<FinishedFile> files = [];
        foreach (var path in KeptFiles.In(folder))
        {
            var relative = StoredFile.RelativePath(folder, path);
            if (!ArtifactLocation.IsBookkeeping(relative))
            {
                files.Add(new FinishedFile(relative, new FileInfo(path).Length));
            }
            else if (name.Length > 0 || relative == ArtifactLocation.ManifestFile)
            {
                throw new InvalidDataException($"The stage wrote {path}, but artifacts keep their own records under this name. Give the file another name.");
            }
        }

        return new(name, type, files);
    }

    /// <summary>The parts of an output that has at least one file or one metric: a part may be empty, and a stage may only measure.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="outputFolder">The stage's output folder.</param>
    /// <exception cref="InvalidDataException">There is neither.</exception>
    public static IReadOnlyList<FinishedPart> Some(IReadOnlyList<FinishedPart> parts, string outputFolder) =>
        parts.Any(part => part.Files.Count > 0) || new FileInfo(Path.Combine(outputFolder, ArtifactLocation.MetricsFile)) is { Exists: true, Length: > 0 }
            ? parts
            : throw new InvalidDataException(
                $"The stage wrote no file into {outputFolder} and recorded no metric. Write the output there, or fail with a message that says why there is none.");

    /// <summary>How the files of a part differ from these, or null when they do not.</summary>
    /// <param name="files">The files that are there now.</param>
    public string? Difference(IEnumerable<StoredFile> files)
    {
        var now = files.ToDictionary(file => file.Path, file => file.Size);
        foreach (var (path, size) in Files)
        {
            if (!now.Remove(path, out var sizeNow))
            {
                return $"'{path}' is gone";
            }

            if (sizeNow != size)
            {
                return $"'{path}' had {size} bytes and has {sizeNow}";
            }
        }

        return now.Count == 0 ? null : $"'{now.Keys.First()}' is new";
    }
}

/// <summary>A file of a finished part.</summary>
/// <param name="Path">Relative to the part's folder, with forward slashes.</param>
/// <param name="Size">Unit: bytes.</param>
public sealed record FinishedFile(string Path, long Size);
