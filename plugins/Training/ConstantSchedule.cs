using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Torch;

namespace Experiments.Plugins.Training;

/// <summary>The learning rate rises linearly and then stays constant.</summary>
[Plugin("constant")]
public sealed class ConstantSchedule(ConstantOptions options) : ISchedule
{
    /// <inheritdoc/>
    public double Factor(long step, long total) => step < options.WarmupSteps ? (step + 1.0) / options.WarmupSteps : 1;
}

/// <summary>Settings of <c>constant</c>.</summary>
public sealed record ConstantOptions
{
    /// <summary>Steps of warmup, in which the rate rises. Default: 0.</summary>
    [Range(0, long.MaxValue)] public long WarmupSteps { get; init; }
}
