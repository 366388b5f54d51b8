using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Torch;
using Experiments.Learning.Processors;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Plugins.Training;

/// <summary>
/// Muon (Jordan et al. 2024): the momentum of each hidden matrix is replaced with the nearest orthogonal matrix, which
/// five steps of a Newton-Schulz iteration approximate. Embeddings, the head, gains and biases are updated by AdamW, as
/// in nanochat.
/// </summary>
/// <remarks>
/// The iteration costs about 30 · rows · columns · min(rows, columns) operations per matrix, independent of the batch
/// size, so it pays off with many tokens per step. It runs in bfloat16 where that is faster.
/// </remarks>
[Plugin("muon")]
public sealed class MuonOptimizer(MuonOptions options) : IOptimizer
{
    private const int Iterations = 5;
    private const double Smallest = 1e-7;

    /// <inheritdoc/>
    public double? LearningRate => options.LearningRate;

    /// <inheritdoc/>
    public int StateBuffers => 2;

    /// <inheritdoc/>
    public void Step(IParameterBuffers parameters, double learningRate, long step)
    {
        foreach (var block in parameters.Blocks.Where(IsHidden))
        {
            parameters.UpdateTensors(block, tensors => Update(tensors, learningRate));
        }

        var adamRate = options.LearningRate > 0 ? options.AdamLearningRate * learningRate / options.LearningRate : 0;
        new AdamWUpdate(options.AdamBeta1, options.AdamBeta2, 1e-10, options.WeightDecay, adamRate, step).Apply(parameters, block => !IsHidden(block));
    }

    /// <summary>
    /// Approximates the nearest orthogonal matrix. The result's singular values are between 0.7 and 1.2.
    /// </summary>
    /// <param name="matrix">[rows, columns].</param>
    /// <param name="type">Number type of the computation.</param>
    /// <remarks>
    /// It iterates the quintic polynomial of Jordan et al., a = 3.4445, b = -4.7750, c = 2.0315. The polynomial rises
    /// steeply from 0. Singular values do not converge to exactly 1, which does not harm training.
    /// </remarks>
    public static Tensor Orthogonalized(Tensor matrix, ScalarType type)
    {
        var isTall = matrix.shape[0] > matrix.shape[1];
        var x = matrix.div(matrix.norm().Plus(Smallest)).to(type);
        x = isTall ? x.t() : x;
        for (var i = 0; i < Iterations; i++)
        {
            var square = x.mm(x.t()); // [smaller, smaller]
            var polynomial = square.Times(-4.7750).Plus(square.mm(square).Times(2.0315));
            x = x.Times(3.4445).Plus(polynomial.mm(x));
        }

        return (isTall ? x.t() : x).to(ScalarType.Float32);
    }

    private static ScalarType TypeOn(DeviceType device) => device != DeviceType.CPU || ProcessorFeatures.MultipliesBf16 ? ScalarType.BFloat16 : ScalarType.Float32;

    private static bool IsHidden(ParameterBlock block) => block is { IsMatrix: true, Shape.Count: 2, IsEmbedding: false };

    private void Update(ParameterTensors tensors, double learningRate)
    {
        var (weights, gradients, momentum) = (tensors.Weights, tensors.Gradients, tensors.State[0]);
        using Scalar kept = options.Momentum, decay = 1 - (learningRate * options.WeightDecay);
        momentum.mul_(kept).add_(gradients.Times(1 - options.Momentum), NumberArithmetic.One);
        var direction = gradients.Times(1 - options.Momentum).Plus(momentum.Times(options.Momentum)); // Nesterov momentum
        var scale = Math.Sqrt(Math.Max(1, (double)weights.shape[0] / weights.shape[1]));
        weights.mul_(decay);
        weights.sub_(Orthogonalized(direction, TypeOn(weights.device_type)).Times(learningRate * scale));
    }
}

/// <summary>Settings of <c>muon</c>.</summary>
public sealed record MuonOptions
{
    /// <summary>Peak learning rate of hidden matrices. Default: 0.02.</summary>
    [Range(0.0, 10.0)] public double LearningRate { get; init; } = 0.02;

    /// <summary>Momentum: decay of the running mean of gradients. Default: 0.95.</summary>
    [Range(0.0, 0.999999)] public double Momentum { get; init; } = 0.95;

    /// <summary>Peak learning rate of AdamW for all other parameters. Default: 0.003.</summary>
    [Range(0.0, 10.0)] public double AdamLearningRate { get; init; } = 3e-3;

    /// <summary>AdamW's decay of the running mean of gradients. Default: 0.8.</summary>
    [Range(0.0, 0.999999)] public double AdamBeta1 { get; init; } = 0.8;

    /// <summary>AdamW's decay of the running mean of squared gradients. Default: 0.95.</summary>
    [Range(0.0, 0.999999)] public double AdamBeta2 { get; init; } = 0.95;

    /// <summary>Weight decay of matrices, relative to the learning rate. Default: 0.01.</summary>
    [Range(0.0, 10.0)] public double WeightDecay { get; init; } = 0.01;
}
