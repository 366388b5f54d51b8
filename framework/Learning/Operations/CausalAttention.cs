using Experiments.Contracts.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>
/// Causal attention over whole sequences: softmax(q · kᵀ / √W) · v, where a position sees itself and those before it, of its own document only. Made once for a batch, used by
/// every layer.
/// </summary>
/// <remarks>
/// On processors it is written out as product, softmax, product, which is up to three times as fast as libtorch's fused attention; the softmax is a kernel that knows what is hidden.
/// Long sequences go by blocks of queries, each against the keys up to its end, so that half of the products is never computed. On a GPU it is libtorch's fused attention.
/// </remarks>
public sealed class CausalAttention
{
    // Finite, so that nothing becomes NaN; large enough that the softmax makes it zero, in bfloat16 too.
    private const double Hidden = -1e9;
    private const int ShortestBlocked = 512;
    private readonly long _time;
    private readonly long _shared;
    private readonly long _group;
    private readonly Tensor? _begins; // [B, T], int64: the first position that a position sees
    private readonly Block[] _blocks;

    /// <summary>Attention over sequences; H heads of queries share K heads of keys and values in groups, the first H / K of them the first, as in Hugging Face's Llama.</summary>
    /// <param name="time">Positions a sequence, T.</param>
    /// <param name="documents">[B, T], int64: which document a position belongs to, rising along a row; null when each row is one.</param>
    /// <param name="heads">H.</param>
    /// <param name="sharedHeads">K.</param>
    /// <param name="like">A tensor of the type and on the device that queries will have.</param>
    public CausalAttention(long time, Tensor? documents, int heads, int sharedHeads, Tensor like)
    {
        (_time, _shared, _group) = (time, sharedHeads, heads / sharedHeads);
        var isFused = like.device_type != DeviceType.CPU;
        var block = isFused || time < ShortestBlocked ? time : time < 2 * ShortestBlocked ? 128 : 256;
        _blocks = new Block[(time + block - 1) / block];
        for (var i = 0; i < _blocks.Length; i++)
        {
            var (start, rows) = (i * block, Math.Min(block, time - (i * block)));
            var hasKernel = Fused.Takes(like, start + rows);
            _blocks[i] = new(start, rows, hasKernel ? null
                : !isFused ? Mask(start, rows, documents, like).repeat(1, _group, 1).repeat_interleave(documents is null ? 1 : _shared, 0) // [1 or B·K, G·rows, keys]
                : documents is null ? null : Mask(start, rows, documents, like).unsqueeze(1)); // [B, 1, T, T]
        }

        _begins = documents is null || isFused ? null : DocumentRows.Begins(documents);
    }

    /// <summary>Mixes values by attention.</summary>
    /// <param name="queries">[B, H, T, W].</param>
    /// <param name="keys">[B, K, T, W].</param>
    /// <param name="values">[B, K, T, W].</param>
    /// <returns>[B, H, T, W].</returns>
    public Tensor Attend(Tensor queries, Tensor keys, Tensor values)
    {
        var (batch, width) = (queries.shape[0], queries.shape[3]);
        if (queries.device_type != DeviceType.CPU)
        {
            var mask = _blocks[0].Mask;
            return nn.functional.scaled_dot_product_attention(queries, keys.repeat_interleave(_group, 1), values.repeat_interleave(_group, 1), mask, is_casual: mask is null);
        }

        var grouped = queries.reshape(batch * _shared, _group, _time, width);
        var (k, v) = (keys.reshape(-1, _time, width), values.reshape(-1, _time, width)); // [B·K, T, W]
        Tensor[] parts = [.. _blocks.Select(block =>
        {
            var end = block.Start + block.Rows;
            var q = grouped.narrow(2, block.Start, block.Rows).reshape(batch * _shared, _group * block.Rows, width);
            return Attend(block, q, k.narrow(1, 0, end), v.narrow(1, 0, end)).view(batch * _shared, _group, block.Rows, width);
        })];
        return (parts.Length == 1 ? parts[0] : cat(parts, 2)).view(batch, _shared * _group, _time, width);
    }

    /// <summary>[B·K, G·rows, W], from queries of that shape and the keys and values up to the last of them.</summary>
    private Tensor Attend(Block block, Tensor queries, Tensor keys, Tensor values)
    {
        var scale = (float)(1 / Math.Sqrt(queries.shape[2]));
        if (block.Mask is { } mask)
        {
            return queries.baddbmm(keys.transpose(1, 2), mask, 1, scale).softmax(-1).bmm(values);
        }

        var places = new CausalSoftmaxKernel.Places((int)block.Start, (int)block.Rows, (int)_shared, _begins);
        return is_grad_enabled() && (queries.requires_grad || keys.requires_grad || values.requires_grad)
            ? CausalAttentionFunction.apply(queries, keys, values, places, scale)
            : CausalAttentionFunction.Forward(queries, keys, values, places, scale);
    }

    /// <summary>What is added to the scores of some queries against the keys up to the last of them: [1 or B, rows, keys].</summary>
    private static Tensor Mask(long start, long rows, Tensor? documents, Tensor like)
    {
        var end = start + rows;
        var hidden = ones([rows, end], dtype: ScalarType.Bool, device: like.device).triu(start + 1).unsqueeze(0); // [1, rows, keys]
        if (documents is not null)
        {
            hidden = hidden.logical_or(documents.narrow(1, start, rows).unsqueeze(2).ne(documents.narrow(1, 0, end).unsqueeze(1))); // [B, rows, keys]
        }

        return hidden.to(like.dtype).Times(Hidden);
    }

    /// <summary>Queries that are computed together.</summary>
    /// <param name="Start">The position of the first.</param>
    /// <param name="Rows">How many.</param>
    /// <param name="Mask">What hides from them what they may not see; null where a kernel knows.</param>
    private sealed record Block(long Start, long Rows, Tensor? Mask);
}
