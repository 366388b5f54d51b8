using System.ComponentModel.DataAnnotations;

namespace Experiments.Plugins.Models;

/// <summary>Rotary frequencies made slower, so that a model reads further than it was first trained to.</summary>
public sealed record RopeScaling
{
    /// <summary>linear, or llama3. Default: linear.</summary>
    public RopeScalingKind Kind { get; init; } = RopeScalingKind.Linear;

    /// <summary>How many times slower. Default: 2.</summary>
    [Range(1.0, 1e6)] public double Factor { get; init; } = 2;

    /// <summary>Of llama3: pairs that turn less often than this within the original context are slowed down in full. Default: 1.</summary>
    [Range(1e-6, 1e6)] public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Of llama3: pairs that turn more often than this within the original context stay as they are. Default: 4.</summary>
    [Range(1e-6, 1e6)] public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>Of llama3: the context that the model was first trained with. Unit: tokens. Default: 8192.</summary>
    [Range(1, 1_048_576)] public int OriginalContext { get; init; } = 8192;

    /// <summary>The scaled frequency of a pair. Unit: radians a position.</summary>
    internal double Scale(double frequency)
    {
        if (Kind == RopeScalingKind.Linear)
        {
            return frequency / Factor;
        }

        var turns = OriginalContext * frequency / (2 * Math.PI);
        var kept = Math.Clamp((turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor), 0, 1);
        return (kept * frequency) + ((1 - kept) * frequency / Factor);
    }

    /// <summary>The same scaling, with what its kind does not use at the defaults.</summary>
    internal RopeScaling Canonical() => Kind == RopeScalingKind.Linear ? new() { Factor = Factor } : this;

    internal IEnumerable<string> Problems() => Kind == RopeScalingKind.Llama3 && HighFrequencyFactor <= LowFrequencyFactor
        ? [$"The high_frequency_factor {HighFrequencyFactor} must lie above the low_frequency_factor {LowFrequencyFactor}."]
        : [];
}

/// <summary>Ways to scale rotary frequencies.</summary>
public enum RopeScalingKind
{
    /// <summary>All by one factor: positions are interpolated (Chen et al. 2023).</summary>
    Linear,

    /// <summary>Slow pairs by the factor, fast ones not at all, and a passage between them (Llama 3.1, 2024).</summary>
    Llama3,
}
