using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Sources.Compression;
using Experiments.Plugins.Sources.Warc;

namespace Experiments.Plugins.Sources;

/// <summary>Text extracted from web crawls (WET): the plain text of every <c>conversion</c> record.</summary>
[Plugin("wet")]
public sealed class WetFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".warc.wet.gz", ".warc.wet", ".wet.gz"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        using var reader = new WarcReader(MemberSource.Open(path), path, skips);
        while (reader.Next() is { } record)
        {
            if (record.Type == "conversion")
            {
                yield return record.ToDocument(
                    Encoding.UTF8.GetString(record.Block),
                    path,
                    ("content_type", record.Fields["Content-Type"]),
                    ("content_language", record.Fields["WARC-Identified-Content-Language"]));
            }
        }
    }
}
