using System.Text.Json;
using Experiments.Contracts.Sizing;

namespace Experiments.Engine.Estimates;

/// <summary>What is to be measured on this machine, in a process that may load libtorch.</summary>
public sealed record CalibrationRequest
{
    /// <summary>The plugin that builds the model.</summary>
    public required JsonElement Architecture { get; init; }

    /// <summary>The model's size.</summary>
    public required ModelSize Model { get; init; }

    /// <summary>The training's.</summary>
    public required TrainingSize Training { get; init; }

    /// <summary>Processor threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Memory that may be used. Unit: bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Assemblies with plugins that the recipe brings along.</summary>
    public IReadOnlyList<string> PluginAssemblies { get; init; } = [];

    /// <summary>As JSON.</summary>
    public string Write() => JsonSerializer.Serialize(this, Calibration.Json);

    /// <summary>From JSON.</summary>
    public static CalibrationRequest Read(string json) => JsonSerializer.Deserialize<CalibrationRequest>(json, Calibration.Json)!;
}

/// <summary>How fast this machine is at a model's work.</summary>
public sealed record Calibration
{
    internal static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The model's own products. The speed of each is in operations a second.</summary>
    public required IReadOnlyList<ProductSpeed> Products { get; init; }

    /// <summary>Memory read and written by long arrays. Unit: bytes a second.</summary>
    public required double MemoryBytesPerSecond { get; init; }

    /// <summary>Sequences at once in the steps that were measured; null when a step was too long, or too large, to be tried.</summary>
    public int? SequencesAtOnce { get; init; }

    /// <summary>Forward and backward passes of the model itself. Unit: tokens a second.</summary>
    public double? TrainedTokensPerSecond { get; init; }

    /// <summary>Forward passes.</summary>
    public double? ReadTokensPerSecond { get; init; }

    /// <summary>Sampling, many sequences at once.</summary>
    public double? SampledTokensPerSecond { get; init; }

    /// <summary>Memory of a forward and a backward pass beside weights and gradients. Unit: bytes a token.</summary>
    public double? KeptBytesPerToken { get; init; }

    /// <summary>As JSON.</summary>
    public string Write() => JsonSerializer.Serialize(this, Json);

    /// <summary>From JSON.</summary>
    public static Calibration Read(string json) => JsonSerializer.Deserialize<Calibration>(json, Json)!;
}

/// <summary>How fast products of one shape are.</summary>
/// <param name="In">Width of the state.</param>
/// <param name="Out">Width of the result.</param>
/// <param name="OperationsPerSecond">Floating-point operations a second.</param>
public sealed record ProductSpeed(int In, int Out, double OperationsPerSecond);
