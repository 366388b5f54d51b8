using System.ComponentModel.DataAnnotations;

namespace Experiments.Plugins.Models;

/// <summary>
/// Scaling of the rotary frequencies, which lets a model read a longer context than it was first trained with.
/// </summary>
public sealed record RopeScaling
{
    /// <summary>How frequencies are scaled: linear or llama3. Default: linear.</summary>
    public RopeScalingKind Kind { get; init; } = RopeScalingKind.Linear;

    /// <summary>Divisor of the scaled frequencies. Default: 2.</summary>
    [Range(1.0, 1e6)] public double Factor { get; init; } = 2;

    /// <summary>
    /// Only for llama3: frequencies with fewer turns than this within the original context are divided by the factor.
    /// Unit: turns. Default: 1.
    /// </summary>
    [Range(1e-6, 1e6)] public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>
    /// Only for llama3: frequencies with more turns than this within the original context are kept. Unit: turns.
    /// Default: 4.
    /// </summary>
    [Range(1e-6, 1e6)] public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>Only for llama3: context that the model was first trained with. Unit: tokens. Default: 8192.</summary>
    [Range(1, 1_048_576)] public int OriginalContext { get; init; } = 8192;

    /// <summary>The scaled value of a frequency. Unit: radians per position.</summary>
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
        ? [$"The high_frequency_factor {HighFrequencyFactor} must be greater than the low_frequency_factor {LowFrequencyFactor}."]
        : [];
}

/// <summary>Ways to scale rotary frequencies.</summary>
public enum RopeScalingKind
{
    /// <summary>All frequencies are divided by the factor: position interpolation (Chen et al. 2023).</summary>
    Linear,

    /// <summary>
    /// Low frequencies are divided by the factor, high ones are kept, and those between are interpolated (Llama 3.1,
    /// 2024).
    /// </summary>
    Llama3,
}
