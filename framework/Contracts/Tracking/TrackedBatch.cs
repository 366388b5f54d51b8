using Experiments.Contracts.Running;

namespace Experiments.Contracts.Tracking;

/// <summary>New content of a run.</summary>
public sealed record TrackedBatch
{
    /// <summary>Params by name. A param keeps its first value.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>Tags by name: those of <see cref="RunTags"/> and any others. A tag keeps its last value.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Values of metrics, in the order in which they were recorded.</summary>
    public IReadOnlyList<MetricPoint> Metrics { get; init; } = [];

    /// <summary>Data sets that the run reads.</summary>
    public IReadOnlyList<TrackedInput> Inputs { get; init; } = [];
}

/// <summary>A data set that a run reads.</summary>
/// <param name="Name">The name to show.</param>
/// <param name="Digest">SHA-256 of its content, hexadecimal.</param>
/// <param name="Source">Path or URL.</param>
public sealed record TrackedInput(string Name, string Digest, string Source);
