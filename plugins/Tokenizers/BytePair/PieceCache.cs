using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Remembers the ids of pieces, for one thread at a time. Two direct-mapped tables, one for pieces of up to 15 bytes with up to three ids, one for
/// others of up to 31 bytes with up to seven: an entry is half a cache line or a whole one, and holds all, so that a hit is one read and a miss allocates
/// nothing. What it holds changes the speed and never a result.
/// </summary>
internal sealed class PieceCache
{
    /// <summary>Pieces longer than this are not remembered.</summary>
    public const int LongestPiece = LongBytes - 1;

    private const int ShortBytes = 16;
    private const int LongBytes = 32;
    private const int ShortBits = 16;
    private const int LongBits = 12;
    private const ulong Scatter = 0x9E3779B97F4A7C15;
    private const ulong OtherScatter = 0xC2B2AE3D27D4EB4F;

    private readonly Short[] _short = new Short[1 << ShortBits];
    private readonly Long[] _long = new Long[1 << LongBits];

    /// <summary>Appends the ids of a piece, if it is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAppend(ReadOnlySpan<byte> text, int start, int length, TokenBuffer ids)
    {
        if (length >= ShortBytes)
        {
            return TryAppendLong(text, start, length, ids);
        }

        var key = ShortKey(text, start, length);
        ref var entry = ref _short[ShortSlot(key)];
        if (entry.Key != key)
        {
            return TryAppendLong(text, start, length, ids);
        }

        // Three are written, and as many counted as there are.
        var room = ids.Room(3);
        ref var first = ref MemoryMarshal.GetReference(room);
        first = entry.First;
        Unsafe.Add(ref first, 1) = entry.Second;
        Unsafe.Add(ref first, 2) = entry.Third;
        ids.Count += entry.Count;
        return true;
    }

    /// <summary>Remembers a piece, in the place of another.</summary>
    public void Add(ReadOnlySpan<byte> text, int start, int length, ReadOnlySpan<int> ids)
    {
        if (length < ShortBytes && ids.Length <= 3)
        {
            var key = ShortKey(text, start, length);
            _short[ShortSlot(key)] = new() { Key = key, First = ids[0], Second = ids.Length > 1 ? ids[1] : 0, Third = ids.Length > 2 ? ids[2] : 0, Count = ids.Length };
        }
        else if (length < LongBytes && ids.Length <= LongIds.Length)
        {
            var key = LongKey(text, start, length);
            ref var entry = ref _long[LongSlot(key)];
            (entry.Key, entry.Count) = (key, ids.Length);
            ids.CopyTo(entry.Ids);
        }
    }

    private bool TryAppendLong(ReadOnlySpan<byte> text, int start, int length, TokenBuffer ids)
    {
        if (length >= LongBytes)
        {
            return false;
        }

        var key = LongKey(text, start, length);
        ref var entry = ref _long[LongSlot(key)];
        if (entry.Key != key)
        {
            return false;
        }

        ((ReadOnlySpan<int>)entry.Ids)[..entry.Count].CopyTo(ids.Room(entry.Count));
        ids.Count += entry.Count;
        return true;
    }

    /// <summary>The bytes of the piece, zeros, and the length in the last byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ShortKey(ReadOnlySpan<byte> text, int start, int length)
    {
        Vector128<byte> bytes;
        if (start + ShortBytes <= text.Length)
        {
            bytes = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)start);
        }
        else
        {
            Span<byte> copy = stackalloc byte[ShortBytes];
            copy.Clear();
            text[start..].CopyTo(copy);
            bytes = Vector128.Create<byte>(copy);
        }

        var mask = Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)length));
        return (bytes & mask).WithElement(ShortBytes - 1, (byte)length);
    }

    private static Vector256<byte> LongKey(ReadOnlySpan<byte> text, int start, int length)
    {
        Span<byte> copy = stackalloc byte[LongBytes];
        copy.Clear();
        text.Slice(start, length).CopyTo(copy);
        copy[LongBytes - 1] = (byte)length;
        return Vector256.Create<byte>(copy);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ShortSlot(Vector128<byte> key)
    {
        var words = key.AsUInt64();
        return (int)(((words[0] * Scatter) ^ (words[1] * OtherScatter)) >> (64 - ShortBits));
    }

    private static int LongSlot(Vector256<byte> key)
    {
        var words = key.AsUInt64();
        var mixed = ((words[0] * Scatter) ^ (words[1] * OtherScatter)) + (ulong.RotateLeft(words[2], 31) * OtherScatter) + (ulong.RotateLeft(words[3], 17) * Scatter);
        return (int)((mixed * Scatter) >> (64 - LongBits));
    }

    private struct Short
    {
        public Vector128<byte> Key;
        public int First;
        public int Second;
        public int Third;
        public int Count;
    }

    private struct Long
    {
        public Vector256<byte> Key;
        public LongIds Ids;
        public int Count;
    }

    [InlineArray(Length)]
    private struct LongIds
    {
        public const int Length = 7;

        private int _first;
    }
}
