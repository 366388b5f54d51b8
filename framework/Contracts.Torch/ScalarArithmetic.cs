using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>
/// Tensor arithmetic with plain numbers. TorchSharp's operators turn a number into a native scalar that nothing keeps alive during the native
/// call: a garbage collection at that moment frees it under libtorch's hands ("Unknown scalar type"). Here it lives until the call is over.
/// </summary>
public static class ScalarArithmetic
{
    /// <summary>x + number, element by element.</summary>
    public static Tensor Plus(this Tensor x, double number) => With(number, scalar => x.add(scalar));

    /// <summary>x · number, element by element.</summary>
    public static Tensor Times(this Tensor x, double number) => With(number, scalar => x.mul(scalar));

    /// <summary>x / number, element by element.</summary>
    public static Tensor Over(this Tensor x, double number) => With(number, scalar => x.div(scalar));

    /// <summary>Whether x &gt; number, element by element.</summary>
    public static Tensor IsAbove(this Tensor x, double number) => With(number, scalar => x.gt(scalar));

    /// <summary>Whether x &lt; number, element by element.</summary>
    public static Tensor IsBelow(this Tensor x, double number) => With(number, scalar => x.lt(scalar));

    /// <summary>x, but at least <paramref name="low"/> and at most <paramref name="high"/>.</summary>
    public static Tensor Within(this Tensor x, double low, double high)
    {
        using Scalar lower = low.ToScalar(), upper = high.ToScalar();
        return x.clamp(lower, upper);
    }

    private static Tensor With(double number, Func<Scalar, Tensor> operation)
    {
        using var scalar = number.ToScalar();
        return operation(scalar);
    }
}
