using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Experiments.Plugins.Sources.Warc;

/// <summary>An HTTP response as a crawler stored it.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">The Content-Type header, or null.</param>
/// <param name="Body">The body, without transfer and content encoding.</param>
public sealed record HttpResponse(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    private const int LargestBody = WarcReader.LargestBlock;

    /// <summary>Parses a response.</summary>
    /// <exception cref="InvalidDataException">It is no response, or its encoding is broken.</exception>
    public static HttpResponse Parse(ReadOnlyMemory<byte> block)
    {
        var (headSize, bodyStart) = FindHead(block.Span);
        var lines = Encoding.Latin1.GetString(block.Span[..headSize]).Split('\n');
        var statusLine = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (statusLine.Length < 2 || !statusLine[0].StartsWith("HTTP", StringComparison.Ordinal)
            || !int.TryParse(statusLine[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            throw new InvalidDataException($"no HTTP status line: '{lines[0].Trim()}'");
        }

        string? Header(string name) => lines.Skip(1)
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())
            .FirstOrDefault();

        var body = block[bodyStart..];
        if (Header("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true)
        {
            body = Unchunk(body);
        }

        return new HttpResponse(status, Header("Content-Type"), Decompress(body, Header("Content-Encoding")));
    }

    private static (int HeadSize, int BodyStart) FindHead(ReadOnlySpan<byte> block)
    {
        var end = block.IndexOf("\r\n\r\n"u8);
        var bare = block.IndexOf("\n\n"u8);
        return end >= 0 && (bare < 0 || end < bare) ? (end, end + 4) : bare >= 0 ? (bare, bare + 2) : (block.Length, block.Length);
    }

    /// <summary>Undoes chunking. Many crawlers store the plain body and keep the header: a body that does not begin with a chunk is left as it is.</summary>
    private static ReadOnlyMemory<byte> Unchunk(ReadOnlyMemory<byte> body)
    {
        var plain = new MemoryStream();
        var rest = body;
        for (var isFirst = true; ; isFirst = false)
        {
            var line = rest.Span.IndexOf((byte)'\n');
            var text = line < 0 ? "" : Encoding.Latin1.GetString(rest.Span[..line]).Split(';')[0].Trim();
            var isChunk = int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) && size >= 0;
            if (!isChunk)
            {
                return isFirst ? body : throw new InvalidDataException($"broken chunked encoding after {body.Length - rest.Length} bytes");
            }

            if (size == 0)
            {
                return plain.ToArray();
            }

            if (rest.Length < line + 1 + size)
            {
                return isFirst ? body : throw new InvalidDataException("the chunked body is cut off");
            }

            plain.Write(rest.Span.Slice(line + 1, size));
            rest = rest[(line + 1 + size)..];
            var lineEnd = rest.Span.StartsWith("\r\n"u8) ? 2 : rest.Span.StartsWith("\n"u8) ? 1 : 0;
            rest = rest[lineEnd..];
        }
    }

    private static ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> body, string? encoding)
    {
        var bytes = body.Span;
        var isGzip = bytes.Length > 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
        return encoding?.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" when isGzip => Inflate(stream => new GZipStream(stream, CompressionMode.Decompress)),
            "deflate" when bytes.Length > 1 && (bytes[0] & 0x0F) == 8 && ((bytes[0] << 8) | bytes[1]) % 31 == 0 =>
                Inflate(stream => new ZLibStream(stream, CompressionMode.Decompress)),
            "br" => Inflate(stream => new BrotliStream(stream, CompressionMode.Decompress)),
            _ => body, // none, or undone by the crawler, which kept the header
        };

        ReadOnlyMemory<byte> Inflate(Func<Stream, Stream> open)
        {
            using var inflater = open(new MemoryStream(body.ToArray()));
            var plain = new MemoryStream();
            var buffer = new byte[1 << 16];
            try
            {
                while (inflater.Read(buffer) is var read and > 0)
                {
                    plain.Write(buffer.AsSpan(0, read));
                    if (plain.Length > LargestBody)
                    {
                        throw new InvalidDataException($"the body inflates to more than {LargestBody} bytes");
                    }
                }
            }
            catch (InvalidOperationException problem)
            {
                throw new InvalidDataException($"broken content encoding ({problem.Message})", problem);
            }

            return plain.ToArray();
        }
    }
}
