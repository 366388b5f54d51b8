using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Sources.Warc;

namespace Experiments.Plugins.Sources;

/// <summary>WARC up to 1.1, plain or gzip: the HTML pages among the responses, as their source, decoded. What is well-formed but no page is passed over.</summary>
[Plugin("warc")]
public sealed class WarcFormat : IDocumentFormat
{
    private static readonly string[] PageTypes = ["text/html", "application/xhtml+xml"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".warc.gz", ".warc"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        using var reader = new WarcReader(path, skips);
        foreach (var record in reader.Read())
        {
            if (ReadPage(record, path, skips) is { } page)
            {
                yield return page;
            }
        }
    }

    private static Document? ReadPage(WarcRecord record, string path, ISkipLog skips)
    {
        try
        {
            var response = record.Type switch
            {
                "response" when IsHttp(record) => HttpResponse.Parse(record.Block),
                "resource" => new HttpResponse(200, record.Field("Content-Type"), record.Block),
                _ => null,
            };
            if (response is not { Status: 200, Body.Length: > 0 } || !IsPage(record, response))
            {
                return null;
            }

            var (text, charset) = PageText.Decode(response.Body.Span, response.ContentType);
            var document = new Document(record.Id ?? $"{Path.GetFileName(path)}:{record.Place}", text) { Url = record.TargetUri }
                .With("file", Path.GetFileName(path))
                .With("charset", charset)
                .With("content_type", MediaType(response.ContentType) ?? PageTypes[0]);
            return record.Field("WARC-Date") is { } date ? document.With("date", date) : document;
        }
        catch (InvalidDataException problem)
        {
            skips.Skip("damaged_response", $"{path}, {record.Place}, {record.TargetUri}: {problem.Message}");
            return null;
        }
    }

    private static bool IsHttp(WarcRecord record) =>
        record.TargetUri?.StartsWith("http", StringComparison.OrdinalIgnoreCase) == true
        || record.Field("Content-Type")?.StartsWith("application/http", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsPage(WarcRecord record, HttpResponse response)
    {
        var type = MediaType(record.Field("WARC-Identified-Payload-Type")) ?? MediaType(response.ContentType);
        return type is null ? LooksLikeHtml(response.Body.Span) : PageTypes.Contains(type);
    }

    private static string? MediaType(string? contentType) => contentType?.Split(';')[0].Trim().ToLowerInvariant() is { Length: > 0 } type ? type : null;

    private static bool LooksLikeHtml(ReadOnlySpan<byte> body)
    {
        var head = System.Text.Encoding.Latin1.GetString(body[..Math.Min(body.Length, 512)]);
        return head.Contains("<html", StringComparison.OrdinalIgnoreCase) || head.Contains("<!doctype html", StringComparison.OrdinalIgnoreCase);
    }
}
