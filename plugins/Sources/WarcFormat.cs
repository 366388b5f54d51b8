using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Sources.Compression;
using Experiments.Plugins.Sources.Http;
using Experiments.Plugins.Sources.Pages;
using Experiments.Plugins.Sources.Warc;

namespace Experiments.Plugins.Sources;

/// <summary>Web crawls (WARC): every HTML page that was received with status 200, decoded to text.</summary>
/// <remarks>
/// As in FineWeb (datatrove's WarcReader), <c>response</c> records with an HTML payload become documents, and the media
/// type that the crawler identified takes precedence over the one that the server claimed. There are three differences:
/// <c>resource</c> records of type text/html become documents too, charsets are found as in the HTML standard, and the
/// metadata <c>truncated</c> marks a page that the crawler cut off.
/// </remarks>
[Plugin("warc")]
public sealed class WarcFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".warc.gz", ".warc"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        using var reader = new WarcReader(MemberSource.Open(path), path, skips);
        while (reader.Next() is { } record)
        {
            if (Page(record, path, skips) is { } page)
            {
                yield return page;
            }
        }
    }

    private static Document? Page(WarcRecord record, string path, ISkipLog skips)
    {
        try
        {
            return record.Type switch
            {
                "response" when IsHttp(record) => FromResponse(record, path),
                "resource" when PageType.IsHtml(record.Fields["Content-Type"] ?? "") => Decode(record, path, record.Block, record.Fields["Content-Type"]),
                _ => null,
            };
        }
        catch (DamagedInputException damage)
        {
            skips.Skip(damage.Reason, $"{path} at {record.Place}: {record.TargetUri}: {damage.Message}");
            return null;
        }
    }

    private static bool IsHttp(WarcRecord record) =>
        record.Fields["Content-Type"] is not { } type || type.StartsWith("application/http", StringComparison.OrdinalIgnoreCase);

    private static Document? FromResponse(WarcRecord record, string path)
    {
        var response = HttpResponse.Parse(record.Block)
            ?? throw new DamagedInputException("malformed_http", "the block is not an HTTP response");
        var identified = record.Fields["WARC-Identified-Payload-Type"];
        var claimed = response.Fields["Content-Type"];
        var type = string.IsNullOrEmpty(identified) ? claimed : identified;
        if (response.Status != 200 || (!string.IsNullOrEmpty(type) && !PageType.IsHtml(type)))
        {
            return null;
        }

        if (record.Fields["WARC-Segment-Number"] is not null)
        {
            throw new DamagedInputException("segmented_record", "the page is spread over several records");
        }

        var body = BodyDecoding.Decode(response);
        return string.IsNullOrEmpty(type) && !PageType.LooksLikeHtml(body) ? null : Decode(record, path, body, claimed);
    }

    private static Document Decode(WarcRecord record, string path, ArraySegment<byte> body, string? contentType)
    {
        var (text, charset) = PageText.Decode(body, contentType);
        return record.ToDocument(text, path, ("content_type", contentType), ("charset", charset), ("truncated", record.Fields["WARC-Truncated"]));
    }
}
