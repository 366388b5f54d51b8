using System.Text.Json;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.Tests;

/// <summary>Documents as one JSON list of texts.</summary>
internal sealed class MemoryFormat : IDocumentFormat
{
    public IReadOnlyList<string> Extensions => [".json"];

    public static void Write(string folder, string[] texts) => File.WriteAllText(Path.Combine(folder, "texts.json"), JsonSerializer.Serialize(texts));

    public IEnumerable<Document> Read(string path, ISkipLog skips) =>
        JsonSerializer.Deserialize<string[]>(File.ReadAllText(path))!.Select((text, index) => new Document($"{index}", text));
}
