using Experiments.Contracts.Torch;

namespace Experiments.Learning.Decoding.Native;

/// <summary>
/// Decoding on the processor, without libtorch's operations, whose products of one token reach only a fraction of the
/// memory's speed. Weights are read in place, intermediate numbers are float32, and keys and values are stored in the
/// type of the weights.
/// </summary>
/// <remarks>
/// The logits of a sequence depend neither on other sequences nor on the number of threads, bit by bit.
/// </remarks>
internal sealed unsafe class TransformerSession<TFormat> : IDecodingSession
    where TFormat : struct, INumberFormat
{
    private readonly TransformerWeights _weights;
    private readonly TransformerPass<TFormat> _pass;
    private readonly CacheLayout _cache;
    private readonly Dictionary<int, CachedSequence> _sequences = [];
    private int _next;

    public TransformerSession(TransformerWeights weights)
    {
        _weights = weights;
        _cache = new(weights.Layers.Count, weights.SharedHeads, weights.HeadWidth, TFormat.Size);
        _pass = new(weights, _cache);
    }

    public int Begin() => Add(new());

    public int Fork(int sequence) => Add(_cache.Fork(_sequences[sequence]));

    public void End(int sequence)
    {
        if (_sequences.Remove(sequence, out var ended))
        {
            _cache.Release(ended);
        }
    }

    public ReadOnlySpan<float> Read(IReadOnlyList<SequenceTokens> parts)
    {
        DecodingInput.Check(parts, _weights, sequence => _sequences[sequence].Length);
        var total = parts.Sum(part => part.Tokens.Length);
        var tokens = new PassToken[total];
        var last = new int[parts.Count];
        var row = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var sequence = _sequences[parts[i].Sequence];
            _cache.Reserve(sequence, sequence.Length + parts[i].Tokens.Length);
            foreach (var id in parts[i].Tokens.Span)
            {
                tokens[row++] = new(id, sequence, sequence.Length++);
            }

            last[i] = row - 1;
        }

        return _pass.Compute(tokens, last);
    }

    public void Dispose()
    {
        foreach (var sequence in _sequences.Values)
        {
            _cache.Release(sequence);
        }

        _sequences.Clear();
        _cache.Dispose();
        _pass.Dispose();
    }

    private int Add(CachedSequence sequence)
    {
        _sequences[_next] = sequence;
        return _next++;
    }
}
