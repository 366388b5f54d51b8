using Experiments.Contracts.Torch;
using Experiments.Learning;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>One layer: x + attention(norm(x)), then x + feedforward(norm(x)).</summary>
internal sealed class GptLayer : nn.Module
{
    private readonly RmsNorm _attentionNorm;
    private readonly Attention _attention;
    private readonly RmsNorm _feedForwardNorm;
    private readonly FeedForward _feedForward;

    public GptLayer(GptOptions options)
        : base("layer")
    {
        _attentionNorm = new RmsNorm(options.Width);
        _attention = new Attention(options);
        _feedForwardNorm = new RmsNorm(options.Width);
        _feedForward = new FeedForward(options);
        register_module("input_layernorm", _attentionNorm);
        register_module("self_attn", _attention);
        register_module("post_attention_layernorm", _feedForwardNorm);
        register_module("mlp", _feedForward);
    }

    public Tensor Forward(Tensor x, Rotation rotation, CausalAttention attention)
    {
        x = x.Plus(_attention.Forward(_attentionNorm.Forward(x), rotation, attention));
        return x.Plus(_feedForward.Forward(_feedForwardNorm.Forward(x)));
    }

    /// <summary>The layer as data.</summary>
    public TransformerLayerWeights Transformer() =>
        new(_attentionNorm.Weights, _attention.Joint, null, null, _attention.Output, _feedForwardNorm.Weights, _feedForward.Up, _feedForward.Down);

    /// <summary>The names of transformers' LlamaDecoderLayer.</summary>
    public IEnumerable<(string Name, Tensor Value)> NamedWeights() =>
    [
        ("input_layernorm.weight", _attentionNorm.Gain),
        .. _attention.NamedWeights().Select(pair => ("self_attn." + pair.Name, pair.Value)),
        ("post_attention_layernorm.weight", _feedForwardNorm.Gain),
        .. _feedForward.NamedWeights().Select(pair => ("mlp." + pair.Name, pair.Value)),
    ];
}
