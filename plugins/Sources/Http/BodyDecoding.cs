using System.Globalization;
using System.IO.Compression;
using Experiments.Plugins.Sources.Compression;
using Experiments.Plugins.Sources.Warc;
using ZstdSharp;

namespace Experiments.Plugins.Sources.Http;

/// <summary>
/// Removes the transfer and content encodings from a body. Crawlers often store a decoded body with the original
/// header; such a body stays as it is.
/// </summary>
internal static class BodyDecoding
{
    /// <summary>The decoded body, at most <see cref="WarcReader.LargestBlock"/> bytes.</summary>
    /// <exception cref="DamagedInputException">The body is truncated, broken or too large.</exception>
    public static ArraySegment<byte> Decode(HttpResponse response)
    {
        var body = response.Body;
        if (Encodings(response.Fields["Transfer-Encoding"]).Contains("chunked"))
        {
            body = ChunkedBody.Decode(body);
        }
        else if (int.TryParse(response.Fields["Content-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > body.Count)
        {
            throw new DamagedInputException("truncated_body", $"the body has {body.Count} of {length} bytes");
        }

        return Encodings(response.Fields["Content-Encoding"]).Reverse().Aggregate(body, Decode);
    }

    private static IEnumerable<string> Encodings(string? header) =>
        (header ?? "").ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static ArraySegment<byte> Decode(ArraySegment<byte> body, string encoding) => encoding switch
    {
        _ when body.Count == 0 => body,
        "gzip" or "x-gzip" => body is [0x1F, 0x8B, ..] ? Gunzip(body) : body,
        "zstd" => body is [0x28, 0xB5, 0x2F, 0xFD, ..] ? Inflate(body, encoding, input => new DecompressionStream(input)) : body,
        "deflate" => IsMarkup(body) ? body
            : (body[0] & 15) == 8 && body.Count > 1 && ((body[0] << 8) | body[1]) % 31 == 0 ? Inflate(body, encoding, input => new ZLibStream(input, CompressionMode.Decompress))
            : Inflate(body, encoding, input => new DeflateStream(input, CompressionMode.Decompress)),
        "br" => IsMarkup(body) ? body : Inflate(body, encoding, input => new BrotliStream(input, CompressionMode.Decompress)),
        _ => body,
    };

    private static bool IsMarkup(ArraySegment<byte> body) => body.AsSpan().TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'<', ..];

    private static ArraySegment<byte> Gunzip(ArraySegment<byte> body)
    {
        using var members = MemberSource.Open(new MemoryStream(body.Array!, body.Offset, body.Count));
        members.Next();
        return ReadAll(members.Read);
    }

    private static ArraySegment<byte> Inflate(ArraySegment<byte> body, string encoding, Func<Stream, Stream> open)
    {
        var pieces = new PiecewiseStream(new MemoryStream(body.Array!, body.Offset, body.Count));
        try
        {
            using var stream = open(pieces);
            var decoded = ReadAll(stream.Read);
            return encoding == "zstd" || !pieces.Ended ? decoded : throw new DamagedInputException("broken_encoding", $"the {encoding} body is truncated");
        }
        catch (Exception problem) when (problem is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException)
        {
            throw new DamagedInputException("broken_encoding", $"the {encoding} body is broken: {problem.Message}");
        }
    }

    private delegate int Read(Span<byte> target);

    private static ArraySegment<byte> ReadAll(Read read)
    {
        var all = new byte[64 << 10];
        var length = 0;
        while (read(all.AsSpan(length)) is > 0 and var count)
        {
            length += count;
            if (length > WarcReader.LargestBlock)
            {
                throw new DamagedInputException("oversized_body", $"the decoded body is larger than {WarcReader.LargestBlock} bytes");
            }

            if (length == all.Length)
            {
                Array.Resize(ref all, length * 2);
            }
        }

        return new(all, 0, length);
    }
}
