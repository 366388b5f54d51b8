using Experiments.Contracts.Torch;
using Experiments.Learning.Operations.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Learning.Operations;

/// <summary>
/// Causal attention over whole sequences: softmax(q · kᵀ / √W) · v. A position sees itself and the positions before it
/// in its own document. Created once per batch and used by every layer.
/// </summary>
/// <remarks>
/// On the processor it is computed as product, softmax, product, which is up to three times as fast as libtorch's fused
/// attention; the softmax is a kernel that skips hidden positions. Long sequences are computed in blocks of queries,
/// each with the keys up to its end, which avoids almost half of the products. On a GPU, libtorch's fused attention is
/// used.
/// </remarks>
public sealed class CausalAttention
{
    // Finite, so that nothing becomes NaN; so low that softmax gives zero, in bfloat16 too.
    private const double Hidden = -1e9;
    private const int ShortestBlocked = 512;
    private readonly long _time;
    private readonly long _shared;
    private readonly long _group;
    private readonly Tensor? _begins; // [B, T], int64: the first position that a position sees
    private readonly Block[] _blocks;

    /// <summary>
    /// Prepares attention over sequences. H heads of queries share K heads of keys and values: the first H / K query
    /// heads use the first, and so on, as in Hugging Face's Llama.
    /// </summary>
    /// <param name="time">Positions per sequence, T.</param>
    /// <param name="documents">
    /// [B, T], int64: the number of the document of each position, increasing along a row; null if each row is one
    /// document.
    /// </param>
    /// <param name="heads">Number of query heads, H.</param>
    /// <param name="sharedHeads">Number of heads of keys and values, K.</param>
    /// <param name="like">A tensor with the type and device that queries will have.</param>
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

    /// <summary>Computes attention.</summary>
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
            return nn.functional.scaled_dot_product_attention(
                queries, keys.repeat_interleave(_group, 1), values.repeat_interleave(_group, 1), mask,
                is_casual: mask is null);
        }

        var grouped = queries.reshape(batch * _shared, _group, _time, width);
        var (k, v) = (keys.reshape(-1, _time, width), values.reshape(-1, _time, width)); // [B·K, T, W]
        Tensor[] parts = [.. _blocks.Select(block =>
        {
            var end = block.Start + block.Rows;
            var q = grouped.narrow(2, block.Start, block.Rows).reshape(batch * _shared, _group * block.Rows, width);
            return Attend(block, q, k.narrow(1, 0, end), v.narrow(1, 0, end)).view(
                batch * _shared, _group, block.Rows, width);
        })];
        return (parts.Length == 1 ? parts[0] : cat(parts, 2)).view(batch, _shared * _group, _time, width);
    }

    /// <summary>
    /// Attention of a block of queries, [B·K, G·rows, W], over keys and values up to the last query. The result has the
    /// shape of the queries.
    /// </summary>
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

    /// <summary>
    /// The mask that is added to the scores of some queries with the keys up to the last query: [1 or B, rows, keys].
    /// </summary>
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

    /// <summary>A block of queries that are computed together.</summary>
    /// <param name="Start">The position of the first query.</param>
    /// <param name="Rows">Number of queries.</param>
    /// <param name="Mask">The mask that hides other positions; null if a kernel does that.</param>
    private sealed record Block(long Start, long Rows, Tensor? Mask);
}
