using System.Text.Json;
using Experiments.Contracts.Sizing;

namespace Experiments.Engine.Estimates;

/// <summary>What to measure on this machine, in a process that may load libtorch.</summary>
public sealed record CalibrationRequest
{
    /// <summary>The plugin that builds the model.</summary>
    public required JsonElement Architecture { get; init; }

    /// <summary>The model's size.</summary>
    public required ModelSize Model { get; init; }

    /// <summary>The size of the training.</summary>
    public required TrainingSize Training { get; init; }

    /// <summary>Processor threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Memory that may be used. Unit: bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The assemblies of the recipe's plugin files.</summary>
    public IReadOnlyList<string> PluginAssemblies { get; init; } = [];

    /// <summary>As JSON.</summary>
    public string Write() => JsonSerializer.Serialize(this, Calibration.Json);

    /// <summary>From JSON.</summary>
    public static CalibrationRequest Read(string json) => JsonSerializer.Deserialize<CalibrationRequest>(json, Calibration.Json)!;
}

/// <summary>How fast this machine is at the computations of a model.</summary>
public sealed record Calibration
{
    internal static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The speeds of the matrix products that the model uses.</summary>
    public required IReadOnlyList<ProductSpeed> Products { get; init; }

    /// <summary>Memory bandwidth, reading and writing long arrays. Unit: bytes per second.</summary>
    public required double MemoryBytesPerSecond { get; init; }

    /// <summary>
    /// Number of sequences per measured step; null when a step would take too long or too much memory to measure.
    /// </summary>
    public int? SequencesAtOnce { get; init; }

    /// <summary>Speed of forward and backward passes of the model. Unit: tokens per second.</summary>
    public double? TrainedTokensPerSecond { get; init; }

    /// <summary>Speed of forward passes. Unit: tokens per second.</summary>
    public double? ReadTokensPerSecond { get; init; }

    /// <summary>Speed of sampling many sequences at once. Unit: tokens per second.</summary>
    public double? SampledTokensPerSecond { get; init; }

    /// <summary>
    /// Memory of a forward and a backward pass, without weights and gradients. Unit: bytes per token.
    /// </summary>
    public double? KeptBytesPerToken { get; init; }

    /// <summary>As JSON.</summary>
    public string Write() => JsonSerializer.Serialize(this, Json);

    /// <summary>From JSON.</summary>
    public static Calibration Read(string json) => JsonSerializer.Deserialize<Calibration>(json, Json)!;
}

/// <summary>The speed of matrix products of one shape.</summary>
/// <param name="In">Width of the input.</param>
/// <param name="Out">Width of the output.</param>
/// <param name="OperationsPerSecond">Floating-point operations per second.</param>
public sealed record ProductSpeed(int In, int Out, double OperationsPerSecond);
