using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Families;

/// <summary>
/// The weight names of transformers' LlamaForCausalLM, which Qwen shares, with additional names for weights that Llama
/// does not have. Joint matrices are named in parts. In comments: H heads, K heads of keys and values, W width of a
/// head.
/// </summary>
internal static class LlamaNames
{
    public const string Prefix = "model.";

    /// <summary>All weights, in the model's order.</summary>
    public static IReadOnlyList<(string Name, Tensor Value)> Of(TransformerWeights weights) =>
    [
        ("model.embed_tokens.weight", weights.Embedding),
        .. weights.Positions is { } positions ? [("model.embed_positions.weight", positions)] : Array.Empty<(string, Tensor)>(),
        .. weights.Layers.Index().SelectMany(pair => Layer(weights, pair.Item).Select(weight => ($"model.layers.{pair.Index}.{weight.Name}", weight.Value))),
        .. Norm("model.norm", weights.Norm),
        .. ReferenceEquals(weights.Head.Weight, weights.Embedding) ? [] : new[] { ("lm_head.weight", weights.Head.Weight) },
    ];

    /// <summary>Old checkpoints contain the rotary frequencies.</summary>
    public static bool IsBuffer(string name) => name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    private static IEnumerable<(string Name, Tensor Value)> Layer(TransformerWeights weights, TransformerLayerWeights layer)
    {
        var (queries, shared) = (weights.Heads * weights.HeadWidth, weights.SharedHeads * weights.HeadWidth); // H · W, K · W
        return
        [
            .. Norm("input_layernorm", layer.AttentionNorm),
            .. Part("self_attn.q_proj", layer.Joint, 0, queries),
            .. Part("self_attn.k_proj", layer.Joint, queries, shared),
            .. Part("self_attn.v_proj", layer.Joint, queries + shared, shared),
            .. Whole("self_attn.o_proj", layer.Output),
            .. Norm("self_attn.q_norm", layer.QueryNorm),
            .. Norm("self_attn.k_norm", layer.KeyNorm),
            .. Norm("post_attention_layernorm", layer.FeedForwardNorm),
            .. FeedForward(weights.FeedForward, layer),
        ];
    }

    private static IEnumerable<(string Name, Tensor Value)> FeedForward(FeedForwardKind kind, TransformerLayerWeights layer)
    {
        var inner = layer.Down.Weight.shape[1];
        return kind == FeedForwardKind.Swiglu
            ? [.. Part("mlp.gate_proj", layer.Up, 0, inner), .. Part("mlp.up_proj", layer.Up, inner, inner), .. Whole("mlp.down_proj", layer.Down)]
            : [.. Whole("mlp.up_proj", layer.Up), .. Whole("mlp.down_proj", layer.Down)];
    }

    private static IEnumerable<(string Name, Tensor Value)> Norm(string name, NormWeights? norm) => Present((name + ".weight", norm?.Gain), (name + ".bias", norm?.Bias));

    private static IEnumerable<(string Name, Tensor Value)> Whole(string name, LinearWeights linear) => Present((name + ".weight", linear.Weight), (name + ".bias", linear.Bias));

    private static IEnumerable<(string Name, Tensor Value)> Part(string name, LinearWeights linear, long first, long rows) =>
        Present((name + ".weight", linear.Weight.narrow(0, first, rows)), (name + ".bias", linear.Bias?.narrow(0, first, rows)));

    private static IEnumerable<(string Name, Tensor Value)> Present(params (string Name, Tensor? Value)[] weights) =>
        weights.Where(weight => weight.Value is not null).Select(weight => (weight.Name, weight.Value!));
}
