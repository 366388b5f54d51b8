using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// A piece of up to 15 bytes as two words: its bytes, zeros, and its length in the last byte. For a longer piece, its
/// beginning.
/// </summary>
/// <param name="Low">Bytes 0 to 7.</param>
/// <param name="High">Bytes 8 to 14, and the length.</param>
internal readonly record struct PieceKey(ulong Low, ulong High)
{
    private const int WordBytes = sizeof(ulong);
    private const int Longest = (2 * WordBytes) - 1;
    private const int LengthShift = 56;
    private const ulong Scatter = 0x9E3779B97F4A7C15;
    private const ulong OtherScatter = 0xC2B2AE3D27D4EB4F;

    /// <summary>Whether the key holds the whole piece.</summary>
    public bool IsWhole => High >> LengthShift <= Longest;

    /// <summary>The key of a piece.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PieceKey Of(ReadOnlySpan<byte> text, int start, int length)
    {
        if (start + (2 * WordBytes) > text.Length)
        {
            return AtTheEnd(text.Slice(start, length));
        }

        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), start);
        var low = Unsafe.ReadUnaligned<ulong>(ref first);
        if (length <= WordBytes)
        {
            return new(low & (ulong.MaxValue >> (64 - (length * 8))), (ulong)length << LengthShift);
        }

        var high = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, WordBytes));
        return length <= Longest
            ? new(low, (high & (ulong.MaxValue >> (64 - ((length - WordBytes) * 8)))) | ((ulong)length << LengthShift))
            : new(low, ulong.MaxValue);
    }

    /// <summary>The key's slot in a table of 2^<paramref name="bits"/> slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Slot(int bits) => (int)(((Low * Scatter) ^ (High * OtherScatter)) >> (64 - bits));

    private static PieceKey AtTheEnd(ReadOnlySpan<byte> piece)
    {
        Span<byte> copy = stackalloc byte[2 * WordBytes];
        copy.Clear();
        piece[..Math.Min(piece.Length, 2 * WordBytes)].CopyTo(copy);
        return Of(copy, 0, piece.Length);
    }
}
