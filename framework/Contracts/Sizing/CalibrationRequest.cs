using System.Text.Json;

namespace Experiments.Contracts.Sizing;

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
