using Experiments.Contracts.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Experiments.Plugins.Models;

/// <summary>Causal self-attention with rotary positions. Comments: B rows, T new positions, S all positions, H heads, K heads of keys and values, W width of a head.</summary>
/// <remarks>Written out as product, softmax, product: on processors without AMX that is up to three times as fast as libtorch's fused attention.</remarks>
internal sealed class Attention : nn.Module
{
    private readonly GptOptions _options;
    private readonly int _layer;
    private readonly Weight _query;
    private readonly Weight _key;
    private readonly Weight _value;
    private readonly Weight _output;

    public Attention(GptOptions options, int layer)
        : base("attention")
    {
        (_options, _layer) = (options, layer);
        _query = new Weight(options.Heads * options.HeadWidth, options.Width);
        _key = new Weight(options.SharedHeads * options.HeadWidth, options.Width);
        _value = new Weight(options.SharedHeads * options.HeadWidth, options.Width);
        _output = new Weight(options.Width, options.Heads * options.HeadWidth);
        register_module("q_proj", _query);
        register_module("k_proj", _key);
        register_module("v_proj", _value);
        register_module("o_proj", _output);
    }

    public Tensor Forward(Tensor x, Rotation rotation, Tensor? mask, KeyValueCache? cache)
    {
        var (batch, time) = (x.shape[0], x.shape[1]);
        var (heads, shared) = (_options.Heads, _options.SharedHeads);
        var all = linear(x, cat([_query.Value, _key.Value, _value.Value])) // one product instead of three
            .view(batch, time, heads + (2 * shared), _options.HeadWidth).transpose(1, 2); // [B, H + 2K, T, W]
        var turned = rotation.Apply(all.narrow(1, 0, heads + shared));
        var query = turned.narrow(1, 0, heads); // [B, H, T, W]
        var key = turned.narrow(1, heads, shared); // [B, K, T, W]
        var value = all.narrow(1, heads + shared, shared); // [B, K, T, W]
        if (cache is not null)
        {
            (key, value) = cache.Append(_layer, key, value); // [B, K, S, W]
        }

        var scale = 1 / Math.Sqrt(_options.HeadWidth);
        var (q, k, v) = (Flat(query), Flat(Repeat(key)).transpose(1, 2), Flat(Repeat(value)));
        var scores = mask is null ? q.bmm(k).Times(scale) : q.baddbmm(k, mask, 1, (float)scale); // [B·H, T, S]
        var mixed = scores.softmax(-1).bmm(v).view(batch, heads, time, _options.HeadWidth);
        return linear(mixed.transpose(1, 2).reshape(batch, time, -1), _output.Value); // [B, T, D]
    }

    private Tensor Repeat(Tensor x) => _options.SharedHeads == _options.Heads ? x : x.repeat_interleave(_options.Heads / _options.SharedHeads, 1);

    private Tensor Flat(Tensor x) => x.reshape(-1, x.shape[2], _options.HeadWidth);
}
