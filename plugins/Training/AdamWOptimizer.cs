using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Torch;

namespace Experiments.Plugins.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019), in one pass over the flat buffers.</summary>
[Plugin("adamw")]
public sealed class AdamWOptimizer(AdamWOptions options) : IOptimizer
{
    /// <inheritdoc/>
    public double? LearningRate => options.LearningRate;

    /// <inheritdoc/>
    public int StateBuffers => 2;

    /// <inheritdoc/>
    public void Step(IParameterBuffers parameters, double learningRate, long step) =>
        new AdamWUpdate(options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay, learningRate, step).Apply(parameters, _ => true);
}

/// <summary>Settings of <c>adamw</c>.</summary>
public sealed record AdamWOptions
{
    /// <summary>
    /// Peak learning rate. Default: the rate that the stage derives from the model's depth; without a depth 0.001,
    /// which suits models of up to a few million parameters.
    /// </summary>
    [Range(0.0, 10.0)] public double? LearningRate { get; init; }

    /// <summary>Decay of the running mean of gradients. Default: 0.9.</summary>
    [Range(0.0, 0.999999)] public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the running mean of squared gradients. Default: 0.95, as in GPT-3.</summary>
    [Range(0.0, 0.999999)] public double Beta2 { get; init; } = 0.95;

    /// <summary>Number that is added to the denominator to avoid a division by zero. Default: 1e-8.</summary>
    [Range(1e-30, 1.0)] public double Epsilon { get; init; } = 1e-8;

    /// <summary>Weight decay of matrices, relative to the learning rate. Gains do not decay. Default: 0.1.</summary>
    [Range(0.0, 10.0)] public double WeightDecay { get; init; } = 0.1;
}
