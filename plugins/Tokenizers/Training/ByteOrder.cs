using System.Buffers.Binary;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>Lexicographic order of byte strings, decided by their first eight bytes where these differ.</summary>
internal static class ByteOrder
{
    /// <summary>The first eight bytes, filled up with zeros, as a number. A greater number is a greater string; equal numbers decide nothing.</summary>
    public static ulong Head(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 8)
        {
            return BinaryPrimitives.ReadUInt64BigEndian(bytes);
        }

        var head = 0UL;
        for (var i = 0; i < bytes.Length; i++)
        {
            head |= (ulong)bytes[i] << (56 - (8 * i));
        }

        return head;
    }
}
