using System.Runtime.CompilerServices;
using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>Takes pieces and gathers their ids, for one thread at a time.</summary>
internal readonly struct PieceSink(PieceRules rules) : IPieceSink
{
    private readonly PieceRules _rules = rules;
    private readonly PieceCache _cache = new();

    /// <summary>The ids so far.</summary>
    public TokenBuffer Ids { get; } = new();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<byte> text, int start, int end)
    {
        if (!_cache.TryAppend(text, start, end - start, Ids))
        {
            AddUnknown(text, start, end);
        }
    }

    private void AddUnknown(ReadOnlySpan<byte> text, int start, int end)
    {
        var before = Ids.Count;
        _rules.Append(text[start..end], Ids);
        _cache.Add(text, start, end - start, Ids.Ids[before..]);
    }
}
