using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Experiments.Learning.Processors;
using static TorchSharp.torch;

namespace Experiments.Learning.Operations.Kernels;

/// <summary>An activation and its derivative, 16 numbers at a time.</summary>
internal interface IActivation
{
    static abstract Vector512<float> Value(Vector512<float> x);

    static abstract Vector512<float> Derivative(Vector512<float> x);

    /// <summary>Value and derivative together.</summary>
    static abstract (Vector512<float> Value, Vector512<float> Derivative) Both(Vector512<float> x);
}

/// <summary>x · sigmoid(x); its derivative is s + x · s · (1 - s).</summary>
internal readonly struct SiluActivation : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * LaneMath.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Derivative(Vector512<float> x) => Both(x).Derivative;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Value, Vector512<float> Derivative) Both(Vector512<float> x)
    {
        var s = LaneMath.Sigmoid(x);
        return (x * s, s + (x * s * (Vector512<float>.One - s)));
    }
}

/// <summary>relu(x)²; its derivative is 2 · relu(x).</summary>
internal readonly struct Relu2Activation : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x)
    {
        var positive = Vector512.Max(x, Vector512<float>.Zero);
        return positive * positive;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Derivative(Vector512<float> x) => Vector512.Max(x, Vector512<float>.Zero) * 2f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Value, Vector512<float> Derivative) Both(Vector512<float> x) =>
        (Value(x), Derivative(x));
}

/// <summary>
/// x/2 · (1 + tanh u) with u = √(2/π) · (x + 0.044715 x³); its derivative is (1 + tanh u)/2 + x/2 · (1 - tanh² u) · u'.
/// </summary>
internal readonly struct GeluTanhActivation : IActivation
{
    private const float Cubic = 0.044715f;
    private static readonly float Root = MathF.Sqrt(2 / MathF.PI);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) =>
        x * 0.5f * (Vector512<float>.One + LaneMath.Tanh(Inner(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Derivative(Vector512<float> x)
    {
        var tanh = LaneMath.Tanh(Inner(x));
        var slope = ((x * x * (3 * Cubic)) + Vector512<float>.One) * Root;
        return (Vector512<float>.One + tanh + (x * (Vector512<float>.One - (tanh * tanh)) * slope)) * 0.5f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Value, Vector512<float> Derivative) Both(Vector512<float> x) =>
        (Value(x), Derivative(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Inner(Vector512<float> x) => ((x * x * x * Cubic) + x) * Root;
}

/// <summary>Applies activations to rows, or to the first half of each row as the gate of the second half.</summary>
internal static unsafe class ActivationKernel
{
    /// <summary>y = f(x), or y = f(gate) · up if each row consists of gate and up.</summary>
    public static Tensor Forward<TActivation>(Tensor x, bool isGated)
        where TActivation : IActivation
    {
        var inner = isGated ? x.shape[^1] / 2 : x.shape[^1];
        var y = empty([.. x.shape[..^1], inner], x.dtype);
        if (x.dtype == ScalarType.BFloat16)
        {
            Forward<TActivation, ushort, Bf16Lanes>(x, y, (int)inner, isGated);
        }
        else
        {
            Forward<TActivation, float, Float32Lanes>(x, y, (int)inner, isGated);
        }

        return y;
    }

    /// <summary>The gradient of x.</summary>
    public static Tensor Backward<TActivation>(Tensor x, Tensor dy, bool isGated)
        where TActivation : IActivation
    {
        var dx = empty_like(x);
        var inner = (int)dy.shape[^1];
        if (x.dtype == ScalarType.BFloat16)
        {
            Backward<TActivation, ushort, Bf16Lanes>(x, dy, dx, inner, isGated);
        }
        else
        {
            Backward<TActivation, float, Float32Lanes>(x, dy, dx, inner, isGated);
        }

        return dx;
    }

    private static void Forward<TActivation, T, TLanes>(Tensor x, Tensor y, int inner, bool isGated)
        where TActivation : IActivation
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        var (source, target, stride) =
            ((nint)TensorMemory.Pointer(x), (nint)TensorMemory.Pointer(y), isGated ? 2 * inner : inner);
        TorchThreads.ForRange((int)(y.numel() / inner), Fused.Grain(inner), (start, end) =>
        {
            for (var row = start; row < end; row++)
            {
                var from = (T*)source + ((long)row * stride);
                var to = (T*)target + ((long)row * inner);
                for (var i = 0; i < inner; i += LaneMath.Count)
                {
                    var value = TActivation.Value(TLanes.Load(from + i));
                    TLanes.Store(isGated ? value * TLanes.Load(from + inner + i) : value, to + i);
                }
            }
        });
    }

    private static void Backward<TActivation, T, TLanes>(Tensor x, Tensor dy, Tensor dx, int inner, bool isGated)
        where TActivation : IActivation
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        var (xs, dys, dxs, stride) = (
            (nint)TensorMemory.Pointer(x), (nint)TensorMemory.Pointer(dy), (nint)TensorMemory.Pointer(dx),
            isGated ? 2 * inner : inner);
        TorchThreads.ForRange((int)(dy.numel() / inner), Fused.Grain(inner), (start, end) =>
        {
            for (var row = start; row < end; row++)
            {
                var from = (T*)xs + ((long)row * stride);
                var gradient = (T*)dys + ((long)row * inner);
                var to = (T*)dxs + ((long)row * stride);
                for (var i = 0; i < inner; i += LaneMath.Count)
                {
                    var (value, d) = (TLanes.Load(from + i), TLanes.Load(gradient + i));
                    if (isGated)
                    {
                        var (gate, slope) = TActivation.Both(value);
                        TLanes.Store(d * gate, to + inner + i);
                        TLanes.Store(d * TLanes.Load(from + inner + i) * slope, to + i);
                    }
                    else
                    {
                        TLanes.Store(d * TActivation.Derivative(value), to + i);
                    }
                }
            }
        });
    }
}
