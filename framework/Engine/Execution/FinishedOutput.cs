using Experiments.Contracts.Artifacts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Execution;

/// <summary>
/// Describes the output of a finished stage for its manifest. What is on the disk must be what the worker named when the
/// stage was done: neither a half-written output nor one that something still changes is committed.
/// </summary>
internal static class FinishedOutput
{
    /// <summary>Describes all parts.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="declared">The parts that the stage declares.</param>
    /// <param name="finished">What the worker said.</param>
    /// <exception cref="InvalidDataException">The worker and the disk disagree.</exception>
    public static IReadOnlyList<StoredPart> Describe(string folder, IReadOnlyList<OutputDescription> declared, Finished finished) =>
        [.. declared.Select(output => Describe(Path.Combine(folder, output.Part), finished.Parts.FirstOrDefault(part => part.Name == output.Part && part.Type == output.ArtifactType.Name)
            ?? throw new InvalidDataException($"The worker said that the stage is done, but it named no {output.ArtifactType.Name}{(output.Part.Length == 0 ? "" : $" '{output.Part}'")} that it wrote.")))];

    /// <summary>Describes the file of the metrics.</summary>
    /// <param name="path">The file.</param>
    /// <param name="finished">What the worker said.</param>
    /// <exception cref="InvalidDataException">The worker and the disk disagree.</exception>
    public static StoredFile DescribeMetrics(string path, Finished finished)
    {
        var length = File.Exists(path) ? new FileInfo(path).Length : -1;
        return length == finished.MetricsLength ? StoredFile.Of(Path.GetDirectoryName(path)!, path) : throw new InvalidDataException(
            $"{path} {(length < 0 ? "is gone" : $"has {length} bytes")}, but the worker recorded {finished.MetricsLength} bytes of metrics. Only the worker may write this file.");
    }

    private static StoredPart Describe(string folder, FinishedPart part)
    {
        StoredFile[] files = [.. KeptFiles.In(folder).Where(path => !ArtifactLocation.IsBookkeeping(StoredFile.RelativePath(folder, path))).Select(path => StoredFile.Of(folder, path))];
        return part.Difference(files) is not { } difference ? new StoredPart(part.Name, part.Type, Digest.OfFiles(files), files) : throw new InvalidDataException(
            $"The output in {folder} changed after the stage was done: {difference}. Let all threads and processes that write it end before RunAsync returns.");
    }
}
