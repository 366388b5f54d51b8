using Experiments.Contracts.Torch;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Learning.Decoding;

/// <summary>
/// A decoder-only transformer with pre-norm layers, as data: all that a decoding session needs to compute it without
/// the modules. The tensors are those of the model, so they change with its training. Each layer computes x := x +
/// output(attention(norm(x))), then x := x + down(activation(up(norm(x)))).
/// </summary>
/// <param name="Embedding">[vocabulary, width].</param>
/// <param name="Positions">Learned positions, [context, width]; null for none.</param>
/// <param name="Layers">The layers, in order.</param>
/// <param name="Norm">The norm before the head.</param>
/// <param name="Head">The head.</param>
/// <param name="Heads">Number of query heads.</param>
/// <param name="SharedHeads">Number of heads of keys and values.</param>
/// <param name="HeadWidth">Width of a head.</param>
/// <param name="Frequencies">Rotary positions; null for none.</param>
/// <param name="FeedForward">The activation.</param>
/// <param name="Context">The longest sequence. Unit: tokens.</param>
public sealed record TransformerWeights(
    Tensor Embedding,
    Tensor? Positions,
    IReadOnlyList<TransformerLayerWeights> Layers,
    NormWeights Norm,
    LinearHead Head,
    int Heads,
    int SharedHeads,
    int HeadWidth,
    RotaryFrequencies? Frequencies,
    FeedForwardKind FeedForward,
    int Context);

/// <summary>The weights of one layer.</summary>
/// <param name="AttentionNorm">The norm before attention.</param>
/// <param name="Joint">Queries, keys and values in one matrix: [(heads + 2 · shared) · head width, width].</param>
/// <param name="QueryNorm">RMSNorm of each query before its rotation; null for none.</param>
/// <param name="KeyNorm">RMSNorm of each key before its rotation; null for none.</param>
/// <param name="Output">[width, heads · head width].</param>
/// <param name="FeedForwardNorm">The norm before the feed-forward network.</param>
/// <param name="Up">[inner, width]; for SwiGLU [2 · inner, width], the gate first.</param>
/// <param name="Down">[width, inner].</param>
public sealed record TransformerLayerWeights(
    NormWeights AttentionNorm,
    LinearWeights Joint,
    NormWeights? QueryNorm,
    NormWeights? KeyNorm,
    LinearWeights Output,
    NormWeights FeedForwardNorm,
    LinearWeights Up,
    LinearWeights Down);

/// <summary>x · weightᵀ + bias.</summary>
/// <param name="Weight">[out, in].</param>
/// <param name="Bias">[out], or null.</param>
public sealed record LinearWeights(Tensor Weight, Tensor? Bias);

/// <summary>A norm.</summary>
/// <param name="Kind">The kind of norm.</param>
/// <param name="Gain">[width], or null for none.</param>
/// <param name="Bias">[width], or null for none; LayerNorm only.</param>
/// <param name="Epsilon">Added before the root, to keep the division finite.</param>
public sealed record NormWeights(NormKind Kind, Tensor? Gain, Tensor? Bias, double Epsilon);

/// <summary>How vectors are normalized.</summary>
public enum NormKind
{
    /// <summary>RMSNorm: x / √(mean of x² + ε) · gain (Zhang and Sennrich 2019).</summary>
    Rmsnorm,

    /// <summary>LayerNorm: (x - mean) / √(variance + ε) · gain + bias (Ba et al. 2016).</summary>
    Layernorm,
}
