using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Experiments.Plugins.Models;

/// <summary>The feed-forward network of a layer.</summary>
internal sealed class FeedForward : nn.Module
{
    private readonly FeedForwardKind _kind;
    private readonly Weight? _gate;
    private readonly Weight _up;
    private readonly Weight _down;

    public FeedForward(GptOptions options)
        : base("mlp")
    {
        _kind = options.FeedForward;
        _gate = _kind == FeedForwardKind.Swiglu ? new Weight(options.InnerWidth, options.Width) : null;
        _up = new Weight(options.InnerWidth, options.Width);
        _down = new Weight(options.Width, options.InnerWidth);
        if (_gate is not null)
        {
            register_module("gate_proj", _gate);
        }

        register_module("up_proj", _up);
        register_module("down_proj", _down);
    }

    public Tensor Forward(Tensor x)
    {
        var up = linear(x, _up.Value); // [B, T, inner]
        var inner = _kind switch
        {
            FeedForwardKind.Swiglu => silu(linear(x, _gate!.Value)) * up,
            FeedForwardKind.Gelu => gelu(up),
            _ => relu(up).square(),
        };
        return linear(inner, _down.Value); // [B, T, D]
    }
}
