using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>Compares byte strings as keys of a table, and allows look-ups by a span.</summary>
internal sealed class ByteStrings : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    private const ulong Scatter = 0x9E3779B97F4A7C15;

    public static ByteStrings Equality { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode([DisallowNull] byte[] bytes) => GetHashCode(bytes.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length * Scatter;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            hash = ulong.RotateLeft((hash ^ MemoryMarshal.Read<ulong>(bytes)) * Scatter, 29);
        }

        foreach (var value in bytes)
        {
            hash = ulong.RotateLeft((hash ^ value) * Scatter, 29);
        }

        return (int)(hash ^ (hash >> 32));
    }

    public byte[] Create(ReadOnlySpan<byte> bytes) => bytes.ToArray();
}
