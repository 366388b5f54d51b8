using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Torch;

namespace Experiments.Plugins.Training;

/// <summary>
/// The learning rate rises linearly, then falls along half a cosine (Loshchilov and Hutter 2017, without restarts).
/// </summary>
[Plugin("cosine")]
public sealed class CosineSchedule(CosineOptions options) : ISchedule
{
    /// <inheritdoc/>
    public double Factor(long step, long total)
    {
        var warmup = Math.Ceiling(options.Warmup * total);
        if (step < warmup)
        {
            return (step + 1) / warmup;
        }

        var done = (step - warmup) / Math.Max(1, total - 1 - warmup);
        return options.Final + ((1 - options.Final) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, done))));
    }
}

/// <summary>Settings of <c>cosine</c>.</summary>
public sealed record CosineOptions
{
    /// <summary>
    /// Share of the steps for the warmup, in which the rate rises. Unit: fraction, 0 to 1. Default: 0.02.
    /// </summary>
    [Range(0.0, 1.0)] public double Warmup { get; init; } = 0.02;

    /// <summary>Rate at the last step. Unit: fraction of the peak rate, 0 to 1. Default: 0.1.</summary>
    [Range(0.0, 1.0)] public double Final { get; init; } = 0.1;
}
