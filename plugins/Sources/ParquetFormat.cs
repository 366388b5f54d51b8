using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Parquet;
using Parquet.Serialization;

namespace Experiments.Plugins.Sources;

/// <summary>
/// Parquet with the columns <c>text</c> or <c>content</c>, <c>id</c> and <c>url</c>; every other column becomes
/// metadata. Reads one row group at a time.
/// </summary>
[Plugin("parquet")]
public sealed class ParquetFormat : IDocumentFormat
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new TextConverter() } };

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".parquet"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        using var file = File.OpenRead(path);
        var (groups, columns) = Try(() => Footer(file), path, "its footer", skips);
        var textColumn = columns?.FirstOrDefault(column => column == "text") ?? columns?.FirstOrDefault(column => column == "content");
        if (columns is not null && textColumn is null)
        {
            skips.Skip("no_text", $"{path}: there is no column 'text' or 'content'; columns: {string.Join(' ', columns)}");
            yield break;
        }

        var name = Path.GetFileName(path);
        var number = 0L;
        for (var group = 0; group < groups; group++)
        {
            foreach (var row in Try(() => Rows(file, group), path, $"row group {group}", skips) ?? [])
            {
                number++;
                if (row.GetValueOrDefault(textColumn!) is string text)
                {
                    yield return ToDocument(row, textColumn!, text, $"{name}:{number}");
                }
                else
                {
                    skips.Skip("no_text", $"{path}, row {number}: column '{textColumn}' does not hold a string");
                }
            }
        }
    }

    private static Document ToDocument(Dictionary<string, object> row, string textColumn, string text, string place)
    {
        var url = row.GetValueOrDefault("url") as string;
        var metadata = row
            .Where(cell => cell.Key != textColumn && cell.Key != "id" && cell.Value is not null && (cell.Key != "url" || url is null))
            .ToDictionary(cell => cell.Key, cell => JsonSerializer.SerializeToElement(cell.Value, Json));
        var id = row.GetValueOrDefault("id") switch
        {
            null => place,
            string given => given,
            var other => JsonSerializer.Serialize(other, Json),
        };
        return new(id, text) { Url = url, Metadata = metadata };
    }

    private static (int Groups, string[] Columns) Footer(Stream file)
    {
        var reader = Wait(ParquetReader.CreateAsync(file, leaveStreamOpen: true));
        var footer = (reader.RowGroupCount, reader.Schema.Fields.Select(field => field.Name).ToArray());
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return footer;
    }

    private static IList<Dictionary<string, object>> Rows(Stream file, int group) =>
        Wait(ParquetSerializer.DeserializeUntypedAsync(file, null, group)).Data;

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    /// <summary>
    /// Runs a read and reports any exception as a skip: on damaged bytes the package throws exceptions of many types.
    /// </summary>
    private static T? Try<T>(Func<T> read, string path, string what, ISkipLog skips)
    {
        try
        {
            return read();
        }
        catch (Exception problem)
        {
            skips.Skip("malformed_parquet", $"{path}: {what} cannot be read: {problem.Message}");
            return default;
        }
    }

    /// <summary>
    /// Writes strings within lists as strings. The package delivers them as memory of characters, which would otherwise
    /// be written as an array.
    /// </summary>
    private sealed class TextConverter : JsonConverter<ReadOnlyMemory<char>>
    {
        public override ReadOnlyMemory<char> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString().AsMemory();

        public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<char> value, JsonSerializerOptions options) => writer.WriteStringValue(value.Span);
    }
}
