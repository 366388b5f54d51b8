using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>The feed-forward network of a layer: down(activation(up(x))).</summary>
internal sealed class FeedForward : nn.Module
{
    private readonly FeedForwardKind _kind;
    private readonly Projection _up;
    private readonly Projection _down;

    public FeedForward(GptOptions options)
        : base("mlp")
    {
        _kind = options.FeedForward;
        var inner = options.InnerWidth;
        _up = new Projection(options.Width, _kind == FeedForwardKind.Swiglu ? 2 * inner : inner, options.Bias == BiasKind.All); // for SwiGLU first the gate, then up
        _down = new Projection(inner, options.Width, options.Bias == BiasKind.All);
        register_module("up_proj", _up);
        register_module("down_proj", _down);
    }

    public LinearWeights Up => _up.Weights;

    public LinearWeights Down => _down.Weights;

    public Tensor Forward(Tensor x) => _down.Forward(Activations.Apply(_kind, _up.Forward(x))); // [B, T, D] to [B, T, inner] to [B, T, D]
}
