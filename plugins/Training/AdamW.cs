using System.ComponentModel.DataAnnotations;
using System.Runtime.Intrinsics;
using Experiments.Contracts;
using Experiments.Contracts.Torch;

namespace Experiments.Plugins.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019): one pass over the flat buffers.</summary>
[Plugin("adamw")]
public sealed unsafe class AdamW(AdamWOptions options) : IOptimizer
{
    private const int ParallelChunk = 1 << 20;

    /// <inheritdoc/>
    public double LearningRate => options.LearningRate;

    /// <inheritdoc/>
    public int StateBuffers => 2;

    /// <inheritdoc/>
    public void Step(Span<float> weights, ReadOnlySpan<float> gradients, ReadOnlySpan<float> decayed, float[][] state, double learningRate, long step)
    {
        fixed (float* w = weights, g = gradients, d = decayed, m = state[0], v = state[1])
        {
            var update = new Update(w, g, d, m, v, options, learningRate, step + 1);
            var length = weights.Length;
            if (length <= ParallelChunk)
            {
                update.Apply(0, length);
                return;
            }

            // Each weight is updated on its own, so how the work is cut changes nothing.
            Parallel.For(0, (length + ParallelChunk - 1) / ParallelChunk, chunk =>
                update.Apply(chunk * ParallelChunk, Math.Min(length, (chunk + 1) * ParallelChunk)));
        }
    }

    private sealed class Update(float* weights, float* gradients, float* decayed, float* means, float* squares, AdamWOptions options, double learningRate, long number)
    {
        private readonly float _beta1 = (float)options.Beta1;
        private readonly float _beta2 = (float)options.Beta2;
        private readonly float _epsilon = (float)options.Epsilon;
        private readonly float _decay = (float)(learningRate * options.WeightDecay);
        private readonly float _rate = (float)(learningRate / (1 - Math.Pow(options.Beta1, number)));
        private readonly float _unbias = (float)(1 / (1 - Math.Pow(options.Beta2, number)));

        public void Apply(int start, int end)
        {
            var i = start;
            for (; i <= end - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                var g = Vector512.Load(gradients + i);
                var w = Vector512.Load(weights + i);
                var m = (_beta1 * Vector512.Load(means + i)) + ((1 - _beta1) * g);
                var v = (_beta2 * Vector512.Load(squares + i)) + ((1 - _beta2) * (g * g));
                var root = Vector512.Sqrt(v * _unbias) + Vector512.Create(_epsilon);
                w -= (_decay * (Vector512.Load(decayed + i) * w)) + (_rate * (m / root));
                m.Store(means + i);
                v.Store(squares + i);
                w.Store(weights + i);
            }

            for (; i < end; i++)
            {
                var g = gradients[i];
                means[i] = (_beta1 * means[i]) + ((1 - _beta1) * g);
                squares[i] = (_beta2 * squares[i]) + ((1 - _beta2) * (g * g));
                var root = MathF.Sqrt(squares[i] * _unbias) + _epsilon;
                weights[i] -= (_decay * (decayed[i] * weights[i])) + (_rate * (means[i] / root));
            }
        }
    }
}

/// <summary>Settings of <c>adamw</c>.</summary>
public sealed record AdamWOptions
{
    /// <summary>The peak learning rate. Default: 0.001, for models of up to a few million parameters.</summary>
    [Range(0.0, 10.0)] public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the mean of gradients. Default: 0.9.</summary>
    [Range(0.0, 0.999999)] public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients. Default: 0.95, as in GPT-3.</summary>
    [Range(0.0, 0.999999)] public double Beta2 { get; init; } = 0.95;

    /// <summary>Keeps the division finite. Default: 1e-8.</summary>
    [Range(1e-30, 1.0)] public double Epsilon { get; init; } = 1e-8;

    /// <summary>How strongly matrices are pulled to zero, relative to the learning rate; gains are not. Default: 0.1.</summary>
    [Range(0.0, 10.0)] public double WeightDecay { get; init; } = 0.1;
}
