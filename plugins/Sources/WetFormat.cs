using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Sources.Warc;

namespace Experiments.Plugins.Sources;

/// <summary>Common Crawl's WET: the conversion records of a WARC file, which hold text that was extracted already.</summary>
[Plugin("wet")]
public sealed class WetFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".warc.wet.gz", ".warc.wet", ".wet.gz", ".wet"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        using var reader = new WarcReader(path, skips);
        foreach (var record in reader.Read().Where(record => record.Type == "conversion"))
        {
            yield return new Document(record.Id ?? $"{Path.GetFileName(path)}:{record.Place}", Encoding.UTF8.GetString(record.Block.Span)) { Url = record.TargetUri }
                .With("file", Path.GetFileName(path))
                .With("content_type", "text/plain");
        }
    }
}
