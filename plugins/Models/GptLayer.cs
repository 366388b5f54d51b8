using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>One layer: x + attention(norm(x)), then x + feedforward(norm(x)).</summary>
internal sealed class GptLayer : nn.Module
{
    private readonly RmsNorm _attentionNorm;
    private readonly Attention _attention;
    private readonly RmsNorm _feedForwardNorm;
    private readonly FeedForward _feedForward;

    public GptLayer(GptOptions options, int index)
        : base("layer")
    {
        _attentionNorm = new RmsNorm(options.Width);
        _attention = new Attention(options, index);
        _feedForwardNorm = new RmsNorm(options.Width);
        _feedForward = new FeedForward(options);
        register_module("input_layernorm", _attentionNorm);
        register_module("self_attn", _attention);
        register_module("post_attention_layernorm", _feedForwardNorm);
        register_module("mlp", _feedForward);
    }

    public Tensor Forward(Tensor x, Rotation rotation, Tensor? mask, KeyValueCache? cache)
    {
        x = x.Plus(_attention.Forward(_attentionNorm.Forward(x), rotation, mask, cache));
        return x.Plus(_feedForward.Forward(_feedForwardNorm.Forward(x)));
    }
}
