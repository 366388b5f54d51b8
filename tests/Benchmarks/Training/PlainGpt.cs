using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Experiments.Benchmarks;

/// <summary>
/// The baseline: GPT-2 as usually written in TorchSharp, with nn.Linear, nn.LayerNorm, libtorch's fused attention and
/// torch.optim.AdamW, in float32.
/// </summary>
internal sealed class PlainGpt : nn.Module
{
    private readonly Embedding _tokens;
    private readonly Embedding _places;
    private readonly Layer[] _layers;
    private readonly LayerNorm _norm;

    public PlainGpt(TrainingShape shape)
        : base("plain")
    {
        _tokens = nn.Embedding(shape.Vocabulary, shape.Width);
        _places = nn.Embedding(shape.Context, shape.Width);
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(_ => new Layer(shape))];
        _norm = nn.LayerNorm(shape.Width);
        register_module("tokens", _tokens);
        register_module("places", _places);
        register_module("norm", _norm);
        foreach (var (index, layer) in _layers.Index())
        {
            register_module($"layer{index}", layer);
        }
    }

    public Tensor Loss(Tensor ids, Tensor targets)
    {
        var x = _tokens.forward(ids) + _places.forward(arange(ids.shape[1]));
        foreach (var layer in _layers)
        {
            x = layer.Forward(x);
        }

        var logits = linear(_norm.forward(x), _tokens.weight!);
        return cross_entropy(logits.view(-1, logits.shape[2]), targets.view(-1));
    }

    private sealed class Layer : nn.Module
    {
        private readonly int _heads;
        private readonly LayerNorm _norm1;
        private readonly LayerNorm _norm2;
        private readonly Linear _joint;
        private readonly Linear _output;
        private readonly Linear _up;
        private readonly Linear _down;

        public Layer(TrainingShape shape)
            : base("layer")
        {
            _heads = shape.Heads;
            (_norm1, _norm2) = (nn.LayerNorm(shape.Width), nn.LayerNorm(shape.Width));
            (_joint, _output) = (nn.Linear(shape.Width, 3 * shape.Width), nn.Linear(shape.Width, shape.Width));
            (_up, _down) = (nn.Linear(shape.Width, 4 * shape.Width), nn.Linear(4 * shape.Width, shape.Width));
            RegisterComponents();
        }

        public Tensor Forward(Tensor x)
        {
            var (batch, time, width) = (x.shape[0], x.shape[1], x.shape[2]);
            var parts = _joint.forward(_norm1.forward(x)).chunk(3, 2);
            var mixed = scaled_dot_product_attention(
                Heads(parts[0]), Heads(parts[1]), Heads(parts[2]), is_casual: true);
            x = x + _output.forward(mixed.transpose(1, 2).reshape(batch, time, width));
            return x + _down.forward(gelu(_up.forward(_norm2.forward(x))));

            Tensor Heads(Tensor part) => part.view(batch, time, _heads, width / _heads).transpose(1, 2);
        }
    }
}
