using System.Buffers.Binary;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>Lexicographic order of byte strings. If their first eight bytes differ, only these are compared.</summary>
internal static class ByteOrder
{
    /// <summary>
    /// The first eight bytes, padded with zeros, as a number. A greater number means a greater string. If the numbers
    /// are equal, the strings must be compared.
    /// </summary>
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
