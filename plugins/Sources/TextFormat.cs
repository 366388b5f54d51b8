using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Sources.Compression;

namespace Experiments.Plugins.Sources;

/// <summary>
/// Plain UTF-8 text: one document per file, or several, separated by lines that are exactly <c>&lt;|endoftext|&gt;</c>
/// (TinyStories).
/// </summary>
/// <remarks>
/// Line breaks become <c>\n</c>; empty lines around a document are removed. A document that is incomplete because the
/// file is damaged is skipped.
/// </remarks>
[Plugin("text")]
public sealed class TextFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".txt.gz", ".txt"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        using var lines = new TextLines(path, skips);
        var file = Path.GetFileName(path);
        var text = new StringBuilder();
        var begin = 1;
        string? line;
        do
        {
            line = lines.Next();
            if (line is not null && line != Tokenizers.EndOfText)
            {
                text.Append(line).Append('\n');
                continue;
            }

            var document = text.ToString().Trim('\n');
            if (!string.IsNullOrWhiteSpace(document) && !lines.Broken)
            {
                yield return new($"{file}:{begin}", document);
            }

            text.Clear();
            begin = lines.Number + 1;
        }
        while (line is not null);
    }
}
