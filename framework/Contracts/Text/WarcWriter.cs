using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Experiments.Contracts.Text;

/// <summary>Writes WARC 1.1 records (ISO 28500); with gzip each record is a member of its own, as crawls store them.</summary>
/// <param name="stream">Takes the bytes; it stays open.</param>
/// <param name="gzip">Whether records are compressed.</param>
public sealed class WarcWriter(Stream stream, bool gzip) : IDisposable
{
    private const string RecordId = "WARC-Record-ID";
    private const string RecordDate = "WARC-Date";

    /// <summary>Writes the record that opens a file. Its id follows from the date, so that the same calls give the same bytes.</summary>
    /// <param name="date">When the file was begun.</param>
    public void WriteInfo(DateTimeOffset date) =>
        WriteRecord(
            [
                ("WARC-Type", "warcinfo"),
                (RecordId, $"<urn:uuid:{new Guid(SHA256.HashData(Encoding.ASCII.GetBytes(Format(date))).AsSpan(0, 16))}>"),
                (RecordDate, Format(date)),
                ("Content-Type", "application/warc-fields"),
            ],
            "software: lab\r\nformat: WARC File Format 1.1\r\n"u8);

    /// <summary>Writes an HTTP response.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="date">When it was fetched.</param>
    /// <param name="recordId">The record's id: <c>&lt;urn:uuid:...&gt;</c></param>
    /// <param name="status">HTTP status.</param>
    /// <param name="headers">HTTP headers.</param>
    /// <param name="body">The body as it came.</param>
    public void WriteResponse(string uri, DateTimeOffset date, string recordId, int status, IEnumerable<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body)
    {
        var head = new StringBuilder($"HTTP/1.1 {status} \r\n");
        foreach (var (name, value) in headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        WriteRecord(
            [
                ("WARC-Type", "response"),
                (RecordId, recordId),
                (RecordDate, Format(date)),
                ("WARC-Target-URI", uri),
                ("Content-Type", "application/http; msgtype=response"),
            ],
            [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body]);
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Flush();

    private static string Format(DateTimeOffset date) => date.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private void WriteRecord(IEnumerable<(string Name, string Value)> fields, ReadOnlySpan<byte> block)
    {
        var head = new StringBuilder("WARC/1.1\r\n");
        foreach (var (name, value) in fields)
        {
            head.Append($"{name}: {value}\r\n");
        }

        head.Append($"Content-Length: {block.Length}\r\n\r\n");
        using var member = gzip ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true) : null;
        var target = member ?? stream;
        target.Write(Encoding.UTF8.GetBytes(head.ToString()));
        target.Write(block);
        target.Write("\r\n\r\n"u8);
    }
}
