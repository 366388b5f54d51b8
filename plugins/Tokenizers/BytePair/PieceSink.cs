using System.Runtime.CompilerServices;
using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>Receives pieces and collects their ids, for one thread at a time.</summary>
/// <remarks>
/// A piece waits until a few more have been received. By then, the processor has prefetched its entry in the cache.
/// </remarks>
internal readonly struct PieceSink(PieceRules rules) : IPieceSink
{
    private const int Waiting = 16;

    private readonly PieceRules _rules = rules;
    private readonly PieceCache _cache = new();
    private readonly Waiter[] _waiters = new Waiter[Waiting];
    private readonly Queue _queue = new();

    /// <summary>The ids so far. They include all ids of a text only after <see cref="Flush"/>.</summary>
    public TokenBuffer Ids { get; } = new();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<byte> text, int start, int end)
    {
        ref var waiter = ref _waiters[_queue.Added++ % Waiting];
        if (waiter.Length > 0)
        {
            Append(text, in waiter);
        }

        waiter.Key = PieceKey.Of(text, start, end - start);
        (waiter.Start, waiter.Length) = (start, end - start);
        _cache.Prefetch(in waiter.Key);
    }

    /// <summary>Encodes the pieces that are still waiting, at the end of a text.</summary>
    public void Flush(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < Waiting; i++)
        {
            ref var waiter = ref _waiters[_queue.Added++ % Waiting];
            if (waiter.Length > 0)
            {
                Append(text, in waiter);
                waiter.Length = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(ReadOnlySpan<byte> text, in Waiter waiter)
    {
        var piece = text.Slice(waiter.Start, waiter.Length);
        if (!_cache.TryAppend(in waiter.Key, piece, Ids))
        {
            AppendUnknown(in waiter.Key, piece);
        }
    }

    private void AppendUnknown(in PieceKey key, ReadOnlySpan<byte> piece)
    {
        var before = Ids.Count;
        _rules.Append(piece, Ids);
        _cache.Add(in key, piece, Ids.Ids[before..]);
    }

    private struct Waiter
    {
        public PieceKey Key;
        public int Start;
        public int Length;
    }

    private sealed class Queue
    {
        public uint Added { get; set; }
    }
}
