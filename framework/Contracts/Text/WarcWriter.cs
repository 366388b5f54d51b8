using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Experiments.Contracts.Text;

/// <summary>
/// Writes a web crawl as WARC/1.0 (ISO 28500), with the layout of Common Crawl: each record is a separate gzip member,
/// and block and payload have SHA-1 digests in base32. The same calls give the same bytes.
/// </summary>
/// <param name="output">The target of the records; it stays open.</param>
/// <param name="gzip">
/// Whether each record is compressed (<c>.warc.gz</c>) or plain (<c>.warc</c>). Default: compressed.
/// </param>
/// <remarks>
/// A header value with a line break, or a record id without its angle brackets, causes an
/// <see cref="ArgumentException"/>.
/// </remarks>
public sealed class WarcWriter(Stream output, bool gzip = true)
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Bytes written so far: the offset of the next record, as used in an index (CDX).</summary>
    public long Position { get; private set; }

    /// <summary>Writes the <c>warcinfo</c> record, which comes first in a file.</summary>
    /// <param name="recordId">Unique, in angle brackets: <c>&lt;urn:uuid:...&gt;</c>.</param>
    /// <param name="date">When the file was made.</param>
    /// <param name="fileName">The name of the file.</param>
    /// <param name="fields">Facts about the crawl: software, format, description ...</param>
    public void WriteInfo(
        string recordId, DateTimeOffset date, string fileName, IEnumerable<KeyValuePair<string, string>> fields) =>
        Write(
            "warcinfo", recordId, date, "application/warc-fields", [new("WARC-Filename", fileName)],
            Encoding.UTF8.GetBytes(Lines(fields) + "\r\n"));

    /// <summary>Writes a <c>response</c> record: one page as the server sent it.</summary>
    /// <param name="uri">The address of the page.</param>
    /// <param name="date">When it was fetched; written in UTC, to the second.</param>
    /// <param name="recordId">
    /// Unique, in angle brackets; it becomes the id of the document when the file is read.
    /// </param>
    /// <param name="status">HTTP status, 100 to 599.</param>
    /// <param name="headers">
    /// HTTP headers, written as given. <c>Content-Length</c> is not added, and <paramref name="body"/> is not encoded
    /// to match them.
    /// </param>
    /// <param name="body">The body, already encoded as the headers say.</param>
    /// <param name="identifiedType">
    /// The detected media type of the body, which may differ from its header; null if it was not detected.
    /// </param>
    public void WriteResponse(
        string uri,
        DateTimeOffset date,
        string recordId,
        int status,
        IEnumerable<KeyValuePair<string, string>> headers,
        ReadOnlySpan<byte> body,
        string? identifiedType = null)
    {
        byte[] block =
            [.. Encoding.UTF8.GetBytes($"HTTP/1.1 {status} {ReasonPhrase(status)}\r\n{Lines(headers)}\r\n"), .. body];
        List<KeyValuePair<string, string>> fields = [new("WARC-Target-URI", uri), new("WARC-Payload-Digest", Digest(body))];
        if (identifiedType is not null)
        {
            fields.Add(new("WARC-Identified-Payload-Type", identifiedType));
        }

        Write("response", recordId, date, "application/http; msgtype=response", fields, block);
    }

    private void Write(
        string type, string recordId, DateTimeOffset date, string contentType,
        IEnumerable<KeyValuePair<string, string>> fields, byte[] block)
    {
        if (recordId is not ['<', .., '>'])
        {
            throw new ArgumentException($"'{recordId}' must be in angle brackets: <urn:uuid:...>", nameof(recordId));
        }

        var header = "WARC/1.0\r\n" + Lines([
            new("WARC-Type", type),
            new("WARC-Date", date.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
            new("WARC-Record-ID", recordId),
            new("Content-Length", block.Length.ToString(CultureInfo.InvariantCulture)),
            new("Content-Type", contentType),
            .. fields,
            new("WARC-Block-Digest", Digest(block))]) + "\r\n";
        byte[] record = [.. Encoding.UTF8.GetBytes(header), .. block, .. "\r\n\r\n"u8];
        if (gzip)
        {
            using var member = new MemoryStream();
            using (var compressor = new GZipStream(member, CompressionLevel.Optimal))
            {
                compressor.Write(record);
            }

            record = member.ToArray();
        }

        output.Write(record);
        Position += record.Length;
    }

    private static string Lines(IEnumerable<KeyValuePair<string, string>> fields) => string.Concat(fields.Select(field =>
        field.Key.AsSpan().IndexOfAny("\r\n:") < 0 && field.Value.AsSpan().IndexOfAny('\r', '\n') < 0
            ? $"{field.Key}: {field.Value}\r\n"
            : throw new ArgumentException($"The header '{field.Key}' would break its line.", nameof(fields))));

    private static string Digest(ReadOnlySpan<byte> data)
    {
        var hash = SHA1.HashData(data);
        var text = new StringBuilder("sha1:");
        for (var bit = 0; bit < 160; bit += 5)
        {
            var pair = (hash[bit / 8] << 8) | ((bit / 8) + 1 < hash.Length ? hash[(bit / 8) + 1] : 0);
            text.Append(Base32[(pair >> (11 - (bit % 8))) & 31]);
        }

        return text.ToString();
    }

    private static string ReasonPhrase(int status) => status switch
    {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        403 => "Forbidden",
        404 => "Not Found",
        410 => "Gone",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "",
    };
}
