using Experiments.Learning;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Experiments.Plugins.Models;

/// <summary>The feed-forward network of a layer.</summary>
internal sealed class FeedForward : nn.Module
{
    private readonly FeedForwardKind _kind;
    private readonly int _inner;
    private readonly Weight _up;
    private readonly Weight _down;

    public FeedForward(GptOptions options)
        : base("mlp")
    {
        (_kind, _inner) = (options.FeedForward, options.InnerWidth);
        _up = new Weight(_kind == FeedForwardKind.Swiglu ? 2 * _inner : _inner, options.Width); // for SwiGLU the gate, then up
        _down = new Weight(options.Width, _inner);
        register_module("up_proj", _up);
        register_module("down_proj", _down);
    }

    public LinearWeights Up => new(_up.Value, null);

    public LinearWeights Down => new(_down.Value, null);

    public Tensor Forward(Tensor x)
    {
        var inner = Activations.Apply(_kind, linear(x, _up.Value)); // [B, T, inner]
        return linear(inner, _down.Value); // [B, T, D]
    }

    public IEnumerable<(string Name, Tensor Value)> NamedWeights()
    {
        if (_kind == FeedForwardKind.Swiglu)
        {
            yield return ("gate_proj.weight", _up.Value.narrow(0, 0, _inner));
            yield return ("up_proj.weight", _up.Value.narrow(0, _inner, _inner));
        }
        else
        {
            yield return ("up_proj.weight", _up.Value);
        }

        yield return ("down_proj.weight", _down.Value);
    }
}
