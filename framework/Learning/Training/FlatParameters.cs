using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>
/// All parameters of a model in one float buffer and their gradients in another, each tensor padded to 64 bytes. The model's own parameters become
/// views: backward adds straight into the flat gradient, and an optimizer or a checkpoint is a pass over three long arrays.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    private const int Padding = 16;
    private const int NormChunk = 1 << 16;
    private readonly Tensor _weights;
    private readonly Tensor _gradients;
    private readonly float[] _decayed;

    /// <summary>Moves the parameters of a model on the processor into the flat buffers.</summary>
    public FlatParameters(LanguageModel model)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] parameters = [.. model.parameters()];
        var size = parameters.Sum(parameter => Padded(parameter.numel()));
        _weights = zeros(size).DetachFromDisposeScope();
        _gradients = zeros(size).DetachFromDisposeScope();
        _decayed = new float[size];
        var start = 0L;
        foreach (var parameter in parameters)
        {
            var (shape, length) = (parameter.shape, parameter.numel());
            var place = _weights.narrow(0, start, length).view(shape);
            place.copy_(parameter);
            parameter.set_(place);
            parameter.grad = _gradients.narrow(0, start, length).view(shape);
            _decayed.AsSpan((int)start, (int)length).Fill(shape.Length > 1 ? 1 : 0);
            start += Padded(length);
        }
    }

    /// <summary>The weights as one tensor of one dimension.</summary>
    public Tensor Tensor => _weights;

    /// <summary>Floats in each buffer, padding included.</summary>
    public int Length => _decayed.Length;

    /// <summary>All weights; padding is zero.</summary>
    public Span<float> Weights => MemoryMarshal.Cast<byte, float>(_weights.bytes);

    /// <summary>All gradients; padding is zero.</summary>
    public Span<float> Gradients => MemoryMarshal.Cast<byte, float>(_gradients.bytes);

    /// <summary>1 where weight decay applies: in matrices, not in gains.</summary>
    public ReadOnlySpan<float> Decayed => _decayed;

    /// <summary>The global norm of the gradients (Euclidean), summed in float64 by fixed chunks, so that threads don't change it.</summary>
    public double GradientNorm()
    {
        var sum = 0.0;
        for (var start = 0; start < Length; start += NormChunk)
        {
            sum += SumOfSquares(Gradients[start..Math.Min(Length, start + NormChunk)]);
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Scales the gradients by a factor.</summary>
    public void ScaleGradients(float factor)
    {
        foreach (ref var gradient in Gradients)
        {
            gradient *= factor;
        }
    }

    /// <summary>Sets the gradients to zero.</summary>
    public void ZeroGradients() => Gradients.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _gradients.Dispose();
    }

    private static long Padded(long length) => (length + Padding - 1) / Padding * Padding;

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var sums = Vector512<double>.Zero;
        foreach (var lanes in MemoryMarshal.Cast<float, Vector512<float>>(values))
        {
            var (lower, upper) = Vector512.Widen(lanes);
            sums += (lower * lower) + (upper * upper);
        }

        return Vector512.Sum(sums);
    }
}
