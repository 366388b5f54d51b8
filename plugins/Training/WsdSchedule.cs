using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Torch;

namespace Experiments.Plugins.Training;

/// <summary>
/// Warmup, stable, decay (WSD; Hu et al. 2024, MiniCPM): the learning rate rises linearly, stays constant, and falls
/// linearly at the end. In the paper, a run is extended from a checkpoint of the stable part; <c>pretrain</c> always
/// starts from random weights.
/// </summary>
[Plugin("wsd")]
public sealed class WsdSchedule(WsdOptions options) : ISchedule
{
    /// <inheritdoc/>
    public double Factor(long step, long total)
    {
        var warmup = Math.Ceiling(options.Warmup * total);
        var decay = Math.Max(1, Math.Ceiling(options.Decay * total));
        var left = (total - step) / decay; // 1 at the beginning of the decay, above 0 at the last step
        return step < warmup ? (step + 1) / warmup : options.Final + ((1 - options.Final) * Math.Min(1, left));
    }
}

/// <summary>Settings of <c>wsd</c>.</summary>
public sealed record WsdOptions : IValidatableObject
{
    /// <summary>
    /// Share of the steps for the warmup, in which the rate rises. Unit: fraction, 0 to 1. Default: 0.02.
    /// </summary>
    [Range(0.0, 1.0)] public double Warmup { get; init; } = 0.02;

    /// <summary>
    /// Share of the steps for the decay at the end, in which the rate falls. Unit: fraction, 0 to 1. Default: 0.2.
    /// </summary>
    [Range(0.0, 1.0)] public double Decay { get; init; } = 0.2;

    /// <summary>Rate towards which the decay falls. Unit: fraction of the peak rate, 0 to 1. Default: 0.</summary>
    [Range(0.0, 1.0)] public double Final { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Warmup + Decay > 1)
        {
            yield return new($"A warmup of {Warmup} and a decay of {Decay} together exceed the whole run.", [nameof(Warmup), nameof(Decay)]);
        }
    }
}
