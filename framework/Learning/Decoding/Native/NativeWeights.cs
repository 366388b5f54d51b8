using System.Runtime.InteropServices;
using Experiments.Learning.Processors;
using static TorchSharp.torch;

namespace Experiments.Learning.Decoding.Native;

/// <summary>A matrix that is read in place, and its bias as float32.</summary>
internal sealed unsafe class NativeMatrix
{
    private readonly Tensor _weight;

    public NativeMatrix(Tensor weight, Tensor? bias)
    {
        if (!weight.is_contiguous())
        {
            throw new ArgumentException(
                $"A weight of shape [{string.Join(", ", weight.shape)}] is not contiguous; decoding reads it in place.",
                nameof(weight));
        }

        _weight = weight;
        (Rows, Columns) = ((int)weight.shape[0], (int)weight.shape[1]);
        Address = (byte*)TensorMemory.Pointer(weight);
        Bias = NativeVector.Of(bias);
    }

    /// <summary>The numbers, row by row.</summary>
    public byte* Address { get; }

    /// <summary>Number of outputs.</summary>
    public int Rows { get; }

    /// <summary>Number of inputs.</summary>
    public int Columns { get; }

    /// <summary>One number per row, or null.</summary>
    public AlignedBuffer? Bias { get; }

    /// <summary>The tensor, which owns the memory.</summary>
    public Tensor Weight => _weight;

    /// <summary>The matrix of a linear map.</summary>
    public static NativeMatrix Of(LinearWeights weights) => new(weights.Weight, weights.Bias);
}

/// <summary>Vectors as float32.</summary>
internal static class NativeVector
{
    /// <summary>A copy; null for null.</summary>
    public static unsafe AlignedBuffer? Of(Tensor? vector)
    {
        if (vector is null)
        {
            return null;
        }

        using var plain = vector.detach().to(ScalarType.Float32, CPU, false, false).contiguous();
        var numbers = MemoryMarshal.Cast<byte, float>(plain.bytes);
        var copy = new AlignedBuffer(plain.bytes.Length);
        numbers.CopyTo(new(copy.Floats, numbers.Length));
        return copy;
    }
}

/// <summary>A norm with its vectors as float32.</summary>
internal sealed unsafe class NativeNorm(NormWeights norm)
{
    private readonly AlignedBuffer? _gain = NativeVector.Of(norm.Gain);
    private readonly AlignedBuffer? _bias = NativeVector.Of(norm.Bias);

    /// <summary>Normalizes a vector.</summary>
    /// <param name="x">The vector.</param>
    /// <param name="to">The result; may be <paramref name="x"/>.</param>
    /// <param name="count">Its length.</param>
    public void Apply(float* x, float* to, int count)
    {
        var shift = norm.Kind == NormKind.Layernorm ? -VectorFunctions.Sum(x, count) / count : 0;
        if (shift != 0)
        {
            VectorFunctions.Scale(x, to, count, shift, 1, null, null);
            x = to;
        }

        var factor = 1 / MathF.Sqrt((VectorFunctions.Dot(x, x, count) / count) + (float)norm.Epsilon);
        VectorFunctions.Scale(
            x, to, count, 0, factor, _gain is null ? null : _gain.Floats, _bias is null ? null : _bias.Floats);
    }
}

/// <summary>The weights of a layer.</summary>
internal sealed class NativeLayer(TransformerLayerWeights layer)
{
    public NativeNorm AttentionNorm { get; } = new(layer.AttentionNorm);

    public NativeMatrix Joint { get; } = NativeMatrix.Of(layer.Joint);

    public NativeNorm? QueryNorm { get; } = layer.QueryNorm is null ? null : new(layer.QueryNorm);

    public NativeNorm? KeyNorm { get; } = layer.KeyNorm is null ? null : new(layer.KeyNorm);

    public NativeMatrix Output { get; } = NativeMatrix.Of(layer.Output);

    public NativeNorm FeedForwardNorm { get; } = new(layer.FeedForwardNorm);

    public NativeMatrix Up { get; } = NativeMatrix.Of(layer.Up);

    public NativeMatrix Down { get; } = NativeMatrix.Of(layer.Down);
}
