using Experiments.Contracts.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Learning.Decoding.Device;

/// <summary>
/// Keys and values of many sequences. Each layer has one tensor of keys and one of values, [slots, heads, positions,
/// width], which grow in steps.
/// </summary>
internal sealed class DeviceCache(TransformerWeights weights) : IDisposable
{
    private const int PositionStep = 64;
    private readonly Tensor?[] _tensors = new Tensor?[2 * weights.Layers.Count];
    private readonly Stack<long> _free = [];
    private long _slots;
    private long _positions;

    /// <summary>Takes a free slot.</summary>
    public long Take()
    {
        if (!_free.TryPop(out var slot))
        {
            var slots = Math.Max(1, 2 * _slots);
            for (var next = slots - 1; next >= _slots; next--)
            {
                _free.Push(next);
            }

            Resize(slots, _positions);
            slot = _free.Pop();
        }

        return slot;
    }

    /// <summary>Gives a slot back.</summary>
    public void Release(long slot) => _free.Push(slot);

    /// <summary>Makes room for positions.</summary>
    public void Reserve(long positions)
    {
        if (positions > _positions)
        {
            Resize(_slots, (positions + PositionStep - 1) / PositionStep * PositionStep);
        }
    }

    /// <summary>Copies one slot to another.</summary>
    public void Copy(long from, long to)
    {
        using var scope = NewDisposeScope();
        foreach (var tensor in _tensors)
        {
            tensor?.narrow(0, to, 1).copy_(tensor.narrow(0, from, 1));
        }
    }

    /// <summary>Stores keys or values of new positions and returns those of all positions.</summary>
    /// <param name="index">2 · layer for keys, 2 · layer + 1 for values.</param>
    /// <param name="added">[B, heads, T, width].</param>
    /// <param name="slots">[B], int64.</param>
    /// <param name="positions">[B, T], int64.</param>
    /// <param name="length">Number of positions to return.</param>
    /// <returns>[B, heads, length, width].</returns>
    public Tensor Extend(int index, Tensor added, Tensor slots, Tensor positions, long length)
    {
        var all = _tensors[index]!;
        var (heads, size, width) = (all.shape[1], all.shape[2], all.shape[3]);
        using Scalar byHead = heads, bySize = size;
        var head = slots.mul(byHead).unsqueeze(1).Plus(arange(heads, device: slots.device).unsqueeze(0)); // [B, heads]
        var places = head.mul(bySize).unsqueeze(2).Plus(positions.unsqueeze(1)); // [B, heads, T]
        all.view(-1, width).index_copy_(0, places.flatten(), added.reshape(-1, width));
        return all.narrow(2, 0, length).index_select(0, slots);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor?.Dispose();
        }
    }

    private void Resize(long slots, long positions)
    {
        for (var i = 0; i < _tensors.Length; i++)
        {
            var like = weights.Embedding;
            var larger = zeros([slots, weights.SharedHeads, positions, weights.HeadWidth], dtype: like.dtype, device: like.device).DetachFromDisposeScope();
            if (_tensors[i] is { } smaller)
            {
                using var scope = NewDisposeScope();
                larger.narrow(0, 0, _slots).narrow(2, 0, _positions).copy_(smaller);
                smaller.Dispose();
            }

            _tensors[i] = larger;
        }

        (_slots, _positions) = (slots, positions);
    }
}
