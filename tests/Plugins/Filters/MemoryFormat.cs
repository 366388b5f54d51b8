using System.Text.Json;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters.Tests;

/// <summary>Documents as JSON lines without compression, under the ending of the real format.</summary>
public sealed class MemoryFormat : IWritableDocumentFormat
{
    public IReadOnlyList<string> Extensions => [".jsonl.zst"];

    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (line == "damaged")
            {
                skips.Skip("malformed_record", path);
                continue;
            }

            yield return JsonSerializer.Deserialize<Document>(line)!;
        }
    }

    public IDocumentWriter Create(string path) => new Writer(new StreamWriter(path));

    private sealed class Writer(StreamWriter file) : IDocumentWriter
    {
        public void Write(Document document) => file.WriteLine(JsonSerializer.Serialize(document));

        public void Dispose() => file.Dispose();
    }
}
