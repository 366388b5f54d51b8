using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>A head that is one matrix: logits = states · weightᵀ, soft-capped if there is a cap.</summary>
/// <param name="Weight">[vocabulary, width].</param>
/// <param name="SoftCap">
/// Logits become cap · tanh(logits / cap), so that none exceeds the cap (Gemma 2, 2024); null for no cap.
/// </param>
/// <remarks>Losses use it to compute logits in pieces, so that never all logits are in memory.</remarks>
public sealed record LinearHead(Tensor Weight, double? SoftCap = null)
{
    /// <summary>The logits of states.</summary>
    /// <param name="states">[..., width].</param>
    /// <returns>[..., vocabulary].</returns>
    public Tensor Logits(Tensor states)
    {
        var logits = nn.functional.linear(states, Weight);
        return SoftCap is { } cap ? logits.Times(1 / cap).tanh().Times(cap) : logits;
    }
}
