using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>
/// Sums of tensors, and arithmetic with numbers. Use these methods instead of TorchSharp's <c>+</c> and its operators
/// with numbers.
/// </summary>
/// <remarks>
/// TorchSharp's operators create a native scalar that the garbage collector may free while the operation still reads
/// it. This is rare, but then the result is wrong or the run ends with "Unknown scalar type". Here the scalar lives as
/// long as the call.
/// </remarks>
public static class NumberArithmetic
{
    /// <summary>The factor 1, for operations that add a multiple.</summary>
    public static Scalar One { get; } = 1;

    /// <summary>x · factor.</summary>
    public static Tensor Times(this Tensor x, double factor)
    {
        using Scalar number = factor;
        return x.mul(number);
    }

    /// <summary>x + term. (TorchSharp's own sum of two tensors multiplies the second by such a scalar, 1.)</summary>
    public static Tensor Plus(this Tensor x, Tensor term) => x.add(term, One);

    /// <summary>x + term.</summary>
    public static Tensor Plus(this Tensor x, double term)
    {
        using Scalar number = term;
        return x.add(number);
    }

    /// <summary>x, clamped to <paramref name="minimum"/> and <paramref name="maximum"/>.</summary>
    public static Tensor Within(this Tensor x, double minimum, double maximum)
    {
        using Scalar lower = minimum, upper = maximum;
        return x.clamp(lower, upper);
    }

    /// <summary>Whether each element of x is greater than a number. Type: bool.</summary>
    public static Tensor IsAbove(this Tensor x, double bound)
    {
        using Scalar number = bound;
        return x.gt(number);
    }

    /// <summary>Whether each element of x is less than a number. Type: bool.</summary>
    public static Tensor IsBelow(this Tensor x, double bound)
    {
        using Scalar number = bound;
        return x.lt(number);
    }
}
