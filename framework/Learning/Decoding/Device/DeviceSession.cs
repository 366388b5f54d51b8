using System.Runtime.InteropServices;
using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Learning.Decoding.Device;

/// <summary>
/// Decoding with libtorch's operations, on any device and with any number type. Parts of one token are computed
/// together for all sequences; longer parts, such as prompts, are read one sequence at a time, so that nothing is
/// padded.
/// </summary>
internal sealed class DeviceSession(TransformerWeights weights) : IDecodingSession
{
    private readonly DeviceCache _cache = new(weights);
    private readonly DevicePass _pass = new(weights);
    private readonly Dictionary<int, Slot> _sequences = [];
    private int _next;
    private float[] _logits = [];

    public int Begin() => Add(new() { Number = Take() });

    public int Fork(int sequence)
    {
        var (parent, fork) = (_sequences[sequence], new Slot { Number = Take(), Length = _sequences[sequence].Length });
        using var _ = no_grad();
        _cache.Copy(parent.Number, fork.Number);
        return Add(fork);
    }

    public void End(int sequence)
    {
        if (_sequences.Remove(sequence, out var slot))
        {
            _cache.Release(slot.Number);
        }
    }

    public ReadOnlySpan<float> Read(IReadOnlyList<SequenceTokens> parts)
    {
        DecodingInput.Check(parts, weights, sequence => _sequences[sequence].Length);
        using var _ = no_grad();
        _cache.Reserve(parts.Max(part => _sequences[part.Sequence].Length + part.Tokens.Length));
        var vocabulary = (int)weights.Embedding.shape[0];
        _logits = new float[parts.Count * vocabulary];
        var steps = parts.Index().Where(pair => pair.Item.Tokens.Length == 1).ToArray();
        foreach (var group in (IEnumerable<(int Index, SequenceTokens Item)[]>)[steps, .. parts.Index().Where(pair => pair.Item.Tokens.Length > 1).Select(pair => new[] { pair })])
        {
            if (group.Length > 0)
            {
                Read(group, vocabulary);
            }
        }

        return _logits;
    }

    public void Dispose() => _cache.Dispose();

    /// <summary>Reads parts of one length.</summary>
    private void Read((int Index, SequenceTokens Part)[] group, int vocabulary)
    {
        using var scope = NewDisposeScope();
        var device = weights.Embedding.device;
        Slot[] slots = [.. group.Select(pair => _sequences[pair.Part.Sequence])];
        var time = group[0].Part.Tokens.Length;
        var ids = tensor(group.SelectMany(pair => pair.Part.Tokens.ToArray().Select(id => (long)id)).ToArray(), device: device).view(group.Length, time);
        var positions = tensor(slots.SelectMany(slot => Enumerable.Range(slot.Length, time).Select(position => (long)position)).ToArray(), device: device).view(group.Length, time);
        var numbers = tensor(slots.Select(slot => slot.Number).ToArray(), device: device);
        var logits = _pass.Compute(ids, positions, numbers, slots.Max(slot => slot.Length) + time, _cache).to(ScalarType.Float32, CPU, false, false).contiguous(); // [B, V]
        var rows = MemoryMarshal.Cast<byte, float>(logits.bytes);
        for (var i = 0; i < group.Length; i++)
        {
            rows.Slice(i * vocabulary, vocabulary).CopyTo(_logits.AsSpan(group[i].Index * vocabulary));
            slots[i].Length += time;
        }
    }

    private long Take()
    {
        using var _ = no_grad();
        return _cache.Take();
    }

    private int Add(Slot slot)
    {
        _sequences[_next] = slot;
        return _next++;
    }

    private sealed class Slot
    {
        public required long Number { get; init; }

        public int Length { get; set; }
    }
}
