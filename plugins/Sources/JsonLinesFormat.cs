using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Sources.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Experiments.Plugins.Sources;

/// <summary>JSON lines: <c>id, text, url, metadata</c>, plain, gzip or Zstandard; readable and writable.</summary>
/// <remarks>
/// The reader accepts <c>content</c> in place of <c>text</c> (The Stack, RedPajama) and takes every other field as
/// metadata. A record without <c>id</c> gets the file name and line number as its id. A line of more than 128 Mi
/// characters is skipped and counted as <c>line_too_long</c>; the rest of the file is read. Written files are Zstandard level
/// 3 with a checksum, gzip or plain; the same documents give the same bytes.
/// </remarks>
[Plugin("jsonl")]
public sealed class JsonLinesFormat : IWritableDocumentFormat
{
    /// <summary>The longest line that is read. .NET parses JSON of up to 166 million characters. Unit: characters.</summary>
    internal const int LongestLine = 128 << 20;

    private const int ZstandardLevel = 3;

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".jsonl.zst", ".jsonl.gz", ".jsonl"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        using var lines = new TextLines(path, LongestLine, skips);
        var file = Path.GetFileName(path);
        while (lines.Next() is { } line)
        {
            if (lines.WasTooLong)
            {
                skips.Skip("line_too_long", $"{path}({lines.Number}): the line has more than {LongestLine} characters");
            }
            else if (!string.IsNullOrWhiteSpace(line) && Parse(line, path, file, lines.Number, skips) is { } document)
            {
                yield return document;
            }
        }
    }

    /// <inheritdoc/>
    public IDocumentWriter Create(string path) => new Writer(path);

    private static Document? Parse(string line, string path, string file, int number, ISkipLog skips)
    {
        JsonElement json;
        try
        {
            json = JsonSerializer.Deserialize<JsonElement>(line);
        }
        catch (JsonException problem)
        {
            skips.Skip("malformed_json", $"{path}({number}): {problem.Message}");
            return null;
        }

        if (json.ValueKind != JsonValueKind.Object || (Text(json, "text") ?? Text(json, "content")) is not { } text)
        {
            skips.Skip("no_text", $"{path}({number}): there is no field 'text' or 'content' that holds a string");
            return null;
        }

        var textField = Text(json, "text") is null ? "content" : "text";
        var id = json.TryGetProperty("id", out var given) && given.ValueKind is JsonValueKind.String or JsonValueKind.Number ? given.ToString() : $"{file}:{number}";
        var url = Text(json, "url");
        var metadata = new Dictionary<string, JsonElement>();
        foreach (var field in json.EnumerateObject())
        {
            if (field is { Name: "metadata", Value.ValueKind: JsonValueKind.Object })
            {
                foreach (var fact in field.Value.EnumerateObject())
                {
                    metadata[fact.Name] = fact.Value;
                }
            }
            else if (field.Name != textField && field.Name != "id" && (field.Name != "url" || url is null))
            {
                metadata.TryAdd(field.Name, field.Value);
            }
        }

        return new(id, text) { Url = url, Metadata = metadata };
    }

    private static string? Text(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair, written as an escape, is not text.
        }
    }

    private sealed class Writer : IDocumentWriter
    {
        private readonly Stream _stream;
        private readonly Utf8JsonWriter _json;

        public Writer(string path)
        {
            var file = File.Create(path, 1 << 16);
            _stream = path switch
            {
                _ when path.EndsWith(".zst", StringComparison.Ordinal) => Zstandard(file),
                _ when path.EndsWith(".gz", StringComparison.Ordinal) => new GZipStream(file, CompressionLevel.Optimal),
                _ => file,
            };
            _json = new Utf8JsonWriter(_stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        }

        public void Write(Document document)
        {
            _json.WriteStartObject();
            _json.WriteString("id", document.Id);
            _json.WriteString("text", document.Text);
            if (document.Url is not null)
            {
                _json.WriteString("url", document.Url);
            }

            _json.WriteStartObject("metadata");
            foreach (var (name, value) in document.Metadata)
            {
                _json.WritePropertyName(name);
                value.WriteTo(_json);
            }

            _json.WriteEndObject();
            _json.WriteEndObject();
            _json.Flush();
            _json.Reset();
            _stream.Write("\n"u8);
        }

        public void Dispose()
        {
            _json.Dispose();
            _stream.Dispose();
        }

        private static CompressionStream Zstandard(Stream file)
        {
            var stream = new CompressionStream(file, ZstandardLevel, leaveOpen: false);
            stream.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            return stream;
        }
    }
}
