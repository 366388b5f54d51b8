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
/// file is damaged is skipped. A document of more than 1,000 Mi characters is skipped and counted as
/// <c>document_too_long</c>.
/// </remarks>
[Plugin("text")]
public sealed class TextFormat : IDocumentFormat
{
    /// <summary>The longest document that is read. .NET strings end at 1,024 Mi characters. Unit: characters.</summary>
    private const int LongestDocument = 1000 << 20;

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".txt.gz", ".txt"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        using var lines = new TextLines(path, LongestDocument, skips);
        var file = Path.GetFileName(path);
        var text = new StringBuilder();
        var begin = 1;
        var isTooLong = false;
        string? line;
        do
        {
            line = lines.Next();
            if (line is not null && line != Tokenizers.EndOfText)
            {
                isTooLong |= lines.WasTooLong || text.Length + line.Length >= LongestDocument;
                _ = isTooLong ? text.Clear() : text.Append(line).Append('\n');
                continue;
            }

            if (isTooLong)
            {
                skips.Skip("document_too_long", $"{path}({begin}): the document has more than {LongestDocument} characters");
                isTooLong = false;
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
