using System.Runtime.Intrinsics;
using Experiments.Learning.Operations;
using Experiments.Learning.Operations.Kernels;

namespace Experiments.Learning.Decoding.Native;

/// <summary>The activations of <see cref="Activations"/>, in float32.</summary>
internal static unsafe class VectorActivation
{
    private const int Lanes = 16;

    /// <summary>to[i] = activation(x[i]); for SwiGLU x is the gate, and the result is multiplied by up[i].</summary>
    /// <param name="kind">The activation.</param>
    /// <param name="x">The numbers.</param>
    /// <param name="up">For SwiGLU, the values that are multiplied by the activated gate; unused otherwise.</param>
    /// <param name="to">The result; may be <paramref name="x"/>.</param>
    /// <param name="count">Number of values.</param>
    public static void Apply(FeedForwardKind kind, float* x, float* up, float* to, int count)
    {
        var i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            var y = Of(kind, Vector512.Load(x + i));
            (kind == FeedForwardKind.Swiglu ? y * Vector512.Load(up + i) : y).Store(to + i);
        }

        for (; i < count; i++)
        {
            var y = Of(kind, Vector512.Create(x[i]))[0];
            to[i] = kind == FeedForwardKind.Swiglu ? y * up[i] : y;
        }
    }

    private static Vector512<float> Of(FeedForwardKind kind, Vector512<float> x) => kind switch
    {
        FeedForwardKind.Swiglu => SiluActivation.Value(x),
        FeedForwardKind.Gelu => x * (Vector512<float>.One + ErrorFunction(x * 0.70710678f)) * 0.5f,
        FeedForwardKind.GeluTanh => GeluTanhActivation.Value(x),
        _ => Relu2Activation.Value(x),
    };

    /// <summary>The error function, by Abramowitz and Stegun 1964, 7.1.26. Error: below 1.5e-7.</summary>
    private static Vector512<float> ErrorFunction(Vector512<float> x)
    {
        var size = Vector512.Abs(x);
        var t = Vector512<float>.One / (Vector512<float>.One + (size * 0.3275911f));
        var series = (((((((t * 1.061405429f) + Vector512.Create(-1.453152027f)) * t) + Vector512.Create(1.421413741f)) * t) + Vector512.Create(-0.284496736f)) * t) + Vector512.Create(0.254829592f);
        var result = Vector512<float>.One - (series * t * LaneMath.Exp(-size * size));
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), -result, result);
    }
}
