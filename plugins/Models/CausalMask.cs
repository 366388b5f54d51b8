using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>What is added to attention scores: 0 where a position may look, a number that the softmax turns into zero elsewhere.</summary>
internal static class CausalMask
{
    // Finite: a row of padding that may look nowhere must not become NaN.
    private const double Hidden = -1e9;

    /// <summary>The mask of T new positions behind cached ones; null when nothing is hidden.</summary>
    /// <returns>[1, T, S], or with padding [B·heads, T, S].</returns>
    public static Tensor? Create(long past, long time, Tensor? valid, int heads, ScalarType type)
    {
        if (valid is null && time == 1)
        {
            return null;
        }

        var causal = ones([1, time, past + time], dtype: type).triu(past + 1).Times(Hidden);
        return valid is null ? causal
            : causal.Plus(valid.logical_not().to(type).Times(Hidden).unsqueeze(1)).repeat_interleave(heads, 0);
    }
}
