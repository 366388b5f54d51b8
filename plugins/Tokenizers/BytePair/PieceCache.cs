using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Caches the ids of pieces, for one thread at a time. It has two direct-mapped tables: one for pieces of up to 15
/// bytes with up to three ids, with entries of half a cache line, and one for pieces of up to 34 bytes with up to seven
/// ids, with entries of a cache line. An entry holds the piece and its ids, so a hit is one read and a miss allocates
/// nothing. The cache changes the speed but never a result.
/// </summary>
internal sealed class PieceCache
{
    private const int ShortBits = 17;
    private const int LongBits = 12;

    private readonly Short[] _shorts = new Short[1 << ShortBits];
    private readonly Long[] _longs = new Long[1 << LongBits];

    /// <summary>
    /// Prefetches the entry of a piece. The table is larger than the processor's second-level cache, and other pieces
    /// can be looked up in the meantime.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(in PieceKey key)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref _shorts[key.Slot(ShortBits)]));
        }
    }

    /// <summary>Appends the ids of a piece if they are cached; false if they are not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAppend(in PieceKey key, ReadOnlySpan<byte> piece, TokenBuffer ids)
    {
        ref var entry = ref _shorts[key.Slot(ShortBits)];
        if (entry.Key.Low != key.Low || entry.Key.High != key.High)
        {
            return TryAppendLong(piece, ids);
        }

        // Three ids are always written, but only the valid ones are counted.
        ref var room = ref MemoryMarshal.GetReference(ids.Room(3));
        room = entry.First;
        Unsafe.Add(ref room, 1) = entry.Second;
        Unsafe.Add(ref room, 2) = entry.Third;
        ids.Count += entry.Count;
        return true;
    }

    /// <summary>Caches a piece, which may replace another one.</summary>
    public void Add(in PieceKey key, ReadOnlySpan<byte> piece, ReadOnlySpan<int> ids)
    {
        if (key.IsWhole && ids.Length <= 3)
        {
            _shorts[key.Slot(ShortBits)] = new() { Key = key, First = ids[0], Second = ids.Length > 1 ? ids[1] : 0, Third = ids.Length > 2 ? ids[2] : 0, Count = ids.Length };
        }
        else if (piece.Length <= LongBytes.Length && ids.Length <= LongIds.Length)
        {
            ref var entry = ref _longs[LongSlot(piece)];
            (entry.Length, entry.Count) = ((byte)piece.Length, (byte)ids.Length);
            piece.CopyTo(entry.Bytes);
            ids.CopyTo(entry.Ids);
        }
    }

    private bool TryAppendLong(ReadOnlySpan<byte> piece, TokenBuffer ids)
    {
        if (piece.Length > LongBytes.Length)
        {
            return false;
        }

        ref var entry = ref _longs[LongSlot(piece)];
        if (entry.Length != piece.Length || !piece.SequenceEqual(((ReadOnlySpan<byte>)entry.Bytes)[..piece.Length]))
        {
            return false;
        }

        ((ReadOnlySpan<int>)entry.Ids)[..entry.Count].CopyTo(ids.Room(entry.Count));
        ids.Count += entry.Count;
        return true;
    }

    private static int LongSlot(ReadOnlySpan<byte> piece) => (int)((uint)ByteStrings.Equality.GetHashCode(piece) >> (32 - LongBits));

    private struct Short
    {
        public PieceKey Key;
        public int First;
        public int Second;
        public int Third;
        public int Count;
    }

    private struct Long
    {
        public byte Length;
        public byte Count;
        public LongBytes Bytes;
        public LongIds Ids;
    }

    [InlineArray(Length)]
    private struct LongBytes
    {
        public const int Length = 34;

        private byte _first;
    }

    [InlineArray(Length)]
    private struct LongIds
    {
        public const int Length = 7;

        private int _first;
    }
}
