using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>
/// Causal self-attention. In comments: B rows, T positions, H heads, K heads of keys and values, W width of a head, D
/// width of the model.
/// </summary>
internal sealed class Attention : nn.Module
{
    private readonly GptOptions _options;
    private readonly Projection _joint;
    private readonly Projection _output;
    private readonly Norm? _queryNorm;
    private readonly Norm? _keyNorm;

    public Attention(GptOptions options)
        : base("attention")
    {
        _options = options;
        _joint = new Projection(options.Width, (options.Heads + (2 * options.SharedHeads)) * options.WidthOfHead, options.Bias != BiasKind.None);
        _output = new Projection(options.Heads * options.WidthOfHead, options.Width, options.Bias == BiasKind.All);
        register_module("qkv_proj", _joint);
        register_module("o_proj", _output);
        if (options.QkNorm)
        {
            register_module("q_norm", _queryNorm = new Norm(options.WidthOfHead, NormKind.Rmsnorm, options.NormGain, options.NormEpsilon));
            register_module("k_norm", _keyNorm = new Norm(options.WidthOfHead, NormKind.Rmsnorm, options.NormGain, options.NormEpsilon));
        }
    }

    public LinearWeights Joint => _joint.Weights;

    public LinearWeights Output => _output.Weights;

    public NormWeights? QueryNorm => _queryNorm?.Weights;

    public NormWeights? KeyNorm => _keyNorm?.Weights;

    public Tensor Forward(Tensor x, Rotation? rotation, CausalAttention attention)
    {
        var (queries, keys, values) = Split(_joint.Forward(x), rotation);
        return _output.Forward(Heads.Merge(attention.Attend(queries, keys, values))); // [B, T, D]
    }

    /// <summary>
    /// Splits [B, T, (H + 2K) · W] into [B, H, T, W], [B, K, T, W] and [B, K, T, W]. Queries and keys are normalized
    /// before they are rotated.
    /// </summary>
    private (Tensor Queries, Tensor Keys, Tensor Values) Split(Tensor joint, Rotation? rotation)
    {
        if (_queryNorm is null || _keyNorm is null)
        {
            return Heads.Split(joint, _options.Heads, _options.SharedHeads, rotation);
        }

        var (queries, keys, values) = Heads.Split(joint, _options.Heads, _options.SharedHeads, rotation: null);
        (queries, keys) = (_queryNorm.Forward(queries), _keyNorm.Forward(keys));
        return rotation is null ? (queries, keys, values) : (Heads.Turn(queries, rotation), Heads.Turn(keys, rotation), values);
    }
}
