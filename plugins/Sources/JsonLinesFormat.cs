using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Sources;

/// <summary>JSON lines, plain, gzip or zstd: a document a line, <c>text</c> (or <c>content</c>), <c>id</c>, <c>url</c>, <c>metadata</c>; other fields become metadata.</summary>
[Plugin("jsonl")]
public sealed class JsonLinesFormat : IWritableDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".jsonl.zst", ".jsonl.gz", ".jsonl"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        using var reader = new StreamReader(CompressedFile.OpenRead(path), Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
        for (var number = 1; TryReadLine(reader, path, number, skips, out var line); number++)
        {
            if (!string.IsNullOrWhiteSpace(line) && Parse(line, path, number, skips) is { } document)
            {
                yield return document;
            }
        }
    }

    /// <inheritdoc/>
    public IDocumentWriter Create(string path) => new Writer(CompressedFile.Create(path));

    private static bool TryReadLine(StreamReader reader, string path, int number, ISkipLog skips, out string? line)
    {
        try
        {
            line = reader.ReadLine();
        }
        catch (Exception problem) when (CompressedFile.IsDamage(problem))
        {
            skips.Skip("damaged_compression", $"{path}, behind line {number - 1}: {problem.Message}; the rest of the file is lost");
            line = null;
        }

        return line is not null;
    }

    private static Document? Parse(string line, string path, int number, ISkipLog skips)
    {
        var place = $"{Path.GetFileName(path)}:{number}";
        try
        {
            var fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line);
            var text = fields is null ? null : Text(fields, "text") ?? Text(fields, "content");
            if (text is null)
            {
                skips.Skip("line_without_text", $"{path}({number}): no 'text' and no 'content'");
                return null;
            }

            var metadata = fields!.Where(pair => pair.Key is not ("text" or "content" or "id" or "url" or "metadata")).ToDictionary();
            if (fields!.TryGetValue("metadata", out var more) && more.ValueKind == JsonValueKind.Object)
            {
                foreach (var fact in more.EnumerateObject())
                {
                    metadata[fact.Name] = fact.Value;
                }
            }

            return new Document(Text(fields, "id") ?? place, text) { Url = Text(fields, "url"), Metadata = metadata };
        }
        catch (JsonException problem)
        {
            skips.Skip("malformed_line", $"{path}({number}): {problem.Message}");
            return null;
        }
    }

    private static string? Text(Dictionary<string, JsonElement> fields, string name) =>
        !fields.TryGetValue(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Number && name == "id" ? value.GetRawText()
        : null;

    private sealed class Writer(Stream stream) : IDocumentWriter
    {
        private readonly Utf8JsonWriter _json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        public void Write(Document document)
        {
            _json.WriteStartObject();
            _json.WriteString("id", document.Id);
            _json.WriteString("text", document.Text);
            if (document.Url is not null)
            {
                _json.WriteString("url", document.Url);
            }

            if (document.Metadata.Count > 0)
            {
                _json.WriteStartObject("metadata");
                foreach (var (name, value) in document.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    _json.WritePropertyName(name);
                    value.WriteTo(_json);
                }

                _json.WriteEndObject();
            }

            _json.WriteEndObject();
            _json.Flush();
            _json.Reset();
            stream.WriteByte((byte)'\n');
        }

        public void Dispose()
        {
            _json.Dispose();
            stream.Dispose();
        }
    }
}
