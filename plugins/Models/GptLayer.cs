using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>One layer: x + attention(norm(x)), then x + feedforward(norm(x)).</summary>
internal sealed class GptLayer : nn.Module
{
    private readonly Norm _attentionNorm;
    private readonly Attention _attention;
    private readonly Norm _feedForwardNorm;
    private readonly FeedForward _feedForward;

    public GptLayer(GptOptions options)
        : base("layer")
    {
        _attentionNorm = options.CreateNorm();
        _attention = new Attention(options);
        _feedForwardNorm = options.CreateNorm();
        _feedForward = new FeedForward(options);
        register_module("input_layernorm", _attentionNorm);
        register_module("self_attn", _attention);
        register_module("post_attention_layernorm", _feedForwardNorm);
        register_module("mlp", _feedForward);
    }

    public TransformerLayerWeights Weights => new(
        _attentionNorm.Weights, _attention.Joint, _attention.QueryNorm, _attention.KeyNorm, _attention.Output, _feedForwardNorm.Weights, _feedForward.Up, _feedForward.Down);

    public Tensor Forward(Tensor x, Rotation? rotation, CausalAttention attention)
    {
        x = x.Plus(_attention.Forward(_attentionNorm.Forward(x), rotation, attention));
        return x.Plus(_feedForward.Forward(_feedForwardNorm.Forward(x)));
    }
}
