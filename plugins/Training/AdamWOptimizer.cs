using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Torch;

namespace Experiments.Plugins.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019): one pass over the flat buffers.</summary>
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
    /// <summary>The peak learning rate. Default: what the stage derives from a model's depth, or 0.001, for models of up to a few million parameters.</summary>
    [Range(0.0, 10.0)] public double? LearningRate { get; init; }

    /// <summary>Decay of the mean of gradients. Default: 0.9.</summary>
    [Range(0.0, 0.999999)] public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients. Default: 0.95, as in GPT-3.</summary>
    [Range(0.0, 0.999999)] public double Beta2 { get; init; } = 0.95;

    /// <summary>Keeps the division finite. Default: 1e-8.</summary>
    [Range(1e-30, 1.0)] public double Epsilon { get; init; } = 1e-8;

    /// <summary>How strongly matrices are pulled to zero, relative to the learning rate; gains are not. Default: 0.1.</summary>
    [Range(0.0, 10.0)] public double WeightDecay { get; init; } = 0.1;
}
