using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>A head that is one matrix: logits = states · weightᵀ, flattened at their ends by the cap where there is one.</summary>
/// <param name="Weight">[vocabulary, width].</param>
/// <param name="SoftCap">Logits become cap · tanh(logits / cap), so that none exceeds it (Gemma 2, 2024); null for none.</param>
/// <remarks>Losses know what to do with it: they compute it in pieces and never hold all logits.</remarks>
public sealed record LinearHead(Tensor Weight, double? SoftCap = null)
{
    /// <summary>Logits of states.</summary>
    /// <param name="states">[..., width].</param>
    /// <returns>[..., vocabulary].</returns>
    public Tensor Logits(Tensor states)
    {
        var logits = nn.functional.linear(states, Weight);
        return SoftCap is { } cap ? logits.Times(1 / cap).tanh().Times(cap) : logits;
    }
}
