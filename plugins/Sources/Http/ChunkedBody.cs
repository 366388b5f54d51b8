using System.Buffers.Text;
using Experiments.Plugins.Sources.Compression;

namespace Experiments.Plugins.Sources.Http;

/// <summary>The chunked transfer coding (RFC 9112, 7.1).</summary>
internal static class ChunkedBody
{
    /// <summary>
    /// Joins the chunks. A body that does not begin with a chunk size was already joined by the crawler and stays as it
    /// is.
    /// </summary>
    /// <exception cref="DamagedInputException">A chunk is truncated, or its size cannot be read.</exception>
    public static ArraySegment<byte> Decode(ArraySegment<byte> body)
    {
        if (!TryReadSize(body, out var size, out var line))
        {
            return body;
        }

        var joined = new byte[body.Count];
        var length = 0;
        var at = line;
        while (size > 0)
        {
            if (size > body.Count - at)
            {
                throw Broken(at, "the last chunk is truncated");
            }

            body.AsSpan(at, size).CopyTo(joined.AsSpan(length));
            length += size;
            at += size;
            at += body.AsSpan(at) switch
            {
                [(byte)'\r', (byte)'\n', ..] => 2,
                [(byte)'\n', ..] => 1,
                _ => throw Broken(at, "a chunk does not end where its size says"),
            };
            if (!TryReadSize(body.AsSpan(at), out size, out line))
            {
                throw Broken(at, "expected a chunk size");
            }

            at += line;
        }

        return new(joined, 0, length);
    }

    private static bool TryReadSize(ReadOnlySpan<byte> bytes, out int size, out int lineLength)
    {
        lineLength = bytes.IndexOf((byte)'\n') + 1;
        var line = bytes[..Math.Max(0, lineLength - 1)].TrimEnd(" \t\r"u8);
        return Utf8Parser.TryParse(line, out size, out var consumed, 'x') && size >= 0
            && (consumed == line.Length || line[consumed] is (byte)';' or (byte)' ' or (byte)'\t');
    }

    private static DamagedInputException Broken(int at, string message) => new("broken_chunking", $"{message} (byte {at} of the body)");
}
