using System.Diagnostics.CodeAnalysis;

namespace Experiments.Plugins.Tokenizers;

/// <summary>
/// Remembers the ids of short pieces. A direct-mapped table of immutable entries: bounded, and safe for threads without a lock, for an entry
/// is replaced whole. What it holds changes the speed and never a result.
/// </summary>
internal sealed class PieceCache
{
    private const int LongestPiece = 48;
    private const int Slots = 1 << 17;
    private readonly Entry?[] _entries = new Entry?[Slots];

    public bool TryGet(ReadOnlySpan<char> piece, [NotNullWhen(true)] out int[]? ids)
    {
        var entry = piece.Length <= LongestPiece ? Volatile.Read(ref Slot(piece)) : null;
        ids = entry is not null && piece.SequenceEqual(entry.Piece) ? entry.Ids : null;
        return ids is not null;
    }

    public void Add(ReadOnlySpan<char> piece, ReadOnlySpan<int> ids)
    {
        if (piece.Length <= LongestPiece)
        {
            Volatile.Write(ref Slot(piece), new Entry(piece.ToString(), ids.ToArray()));
        }
    }

    private ref Entry? Slot(ReadOnlySpan<char> piece) => ref _entries[string.GetHashCode(piece) & (Slots - 1)];

    private sealed record Entry(string Piece, int[] Ids);
}
