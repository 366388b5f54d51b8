using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>Decoding for a model without a cache: recomputes all positions for each token. Slow but simple.</summary>
internal sealed class RecomputingSession(LanguageModel model) : IDecodingSession
{
    private readonly Dictionary<int, List<int>> _sequences = [];
    private int _next;
    private float[] _logits = [];

    public int Begin()
    {
        _sequences[_next] = [];
        return _next++;
    }

    public int Fork(int sequence)
    {
        _sequences[_next] = [.. _sequences[sequence]];
        return _next++;
    }

    public void End(int sequence) => _sequences.Remove(sequence);

    public ReadOnlySpan<float> Read(IReadOnlyList<SequenceTokens> parts)
    {
        foreach (var part in parts)
        {
            _sequences[part.Sequence].AddRange(part.Tokens.Span);
        }

        List<int>[] rows = [.. parts.Select(part => _sequences[part.Sequence])];
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var longest = rows.Max(row => row.Count);

        // Padded on the right: no used position sees the padding.
        var ids = tensor(rows.SelectMany(row => row.Select(id => (long)id).Concat(Enumerable.Repeat(0L, longest - row.Count))).ToArray());
        var ends = tensor(rows.Select((row, index) => ((long)index * longest) + row.Count - 1).ToArray());
        var device = model.parameters().First().device;
        var states = model.States(ids.view(rows.Length, longest).to(device)); // [rows, longest, width]
        var logits = model.Logits(states.flatten(0, 1).index_select(0, ends.to(device))).to(ScalarType.Float32, CPU, false, false).contiguous();
        _logits = MemoryMarshal.Cast<byte, float>(logits.bytes).ToArray();
        return _logits;
    }

    public void Dispose() => _sequences.Clear();
}
