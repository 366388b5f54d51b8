using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Parquet;
using Parquet.Serialization;

namespace Experiments.Plugins.Sources;

/// <summary>Apache Parquet, a row group in memory at a time: column <c>text</c> (or <c>content</c>), <c>id</c>, <c>url</c>; other columns become metadata.</summary>
[Plugin("parquet")]
public sealed class ParquetFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".parquet"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        var row = 0;
        var groups = 1;
        for (var group = 0; group < groups; group++)
        {
            var (rows, all) = ReadGroupAsync(path, group, skips).GetAwaiter().GetResult();
            groups = all;
            foreach (var fields in rows)
            {
                if (ToDocument(fields, $"{Path.GetFileName(path)}:{row}") is { } document)
                {
                    yield return document;
                }
                else
                {
                    skips.Skip("row_without_text", $"{path}, row {row}: no column 'text' or 'content' with a text");
                }

                row++;
            }
        }
    }

    private static async Task<(IReadOnlyList<Dictionary<string, object>> Rows, int Groups)> ReadGroupAsync(string path, int group, ISkipLog skips)
    {
        var groups = 0;
        try
        {
            var file = File.OpenRead(path);
            await using (file.ConfigureAwait(false))
            {
                var reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: true).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    groups = reader.RowGroupCount;
                }

                file.Position = 0;
                return groups == 0 ? ([], 0) : ([.. (await ParquetSerializer.DeserializeUntypedAsync(file, null, group).ConfigureAwait(false)).Data], groups);
            }
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or ParquetException or NotSupportedException or InvalidOperationException)
        {
            skips.Skip("damaged_parquet", $"{path}, row group {group}: {problem.Message}");
            return ([], groups);
        }
    }

    private static Document? ToDocument(Dictionary<string, object> fields, string place)
    {
        var text = fields.TryGetValue("text", out var value) || fields.TryGetValue("content", out value) ? value as string : null;
        return text is null ? null : new Document(fields.TryGetValue("id", out var id) && id is not null ? $"{id}" : place, text)
        {
            Url = fields.TryGetValue("url", out var url) ? url as string : null,
            Metadata = fields.Where(pair => pair.Value is not null && pair.Key is not ("text" or "content" or "id" or "url"))
                .ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value)),
        };
    }
}
