using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Sources;

/// <summary>Plain text, also gzip or zstd: a document a file, or one between two lines that are exactly <c>&lt;|endoftext|&gt;</c>.</summary>
[Plugin("text")]
public sealed class TextFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".txt.zst", ".txt.gz", ".txt", ".md"];

    /// <inheritdoc/>
    public IEnumerable<Document> Read(string path, ISkipLog skips)
    {
        var (number, text) = (0, new StringBuilder());
        foreach (var line in ReadLines(path, skips))
        {
            if (line == Tokenizers.EndOfText)
            {
                if (Take() is { } document)
                {
                    yield return document;
                }
            }
            else
            {
                text.Append(line).Append('\n');
            }
        }

        if (Take() is { } last)
        {
            yield return last;
        }

        Document? Take()
        {
            var content = text.ToString().Trim('\n');
            text.Clear();
            return content.Length == 0 ? null : new Document($"{Path.GetFileName(path)}:{number++}", content).With("content_type", "text/plain");
        }
    }

    private static IEnumerable<string> ReadLines(string path, ISkipLog skips)
    {
        using var reader = new StreamReader(CompressedFile.OpenRead(path));
        while (true)
        {
            string? line;
            try
            {
                line = reader.ReadLine();
            }
            catch (Exception problem) when (CompressedFile.IsDamage(problem))
            {
                skips.Skip("damaged_compression", $"{path}: {problem.Message}; the rest of the file is lost");
                yield break;
            }

            if (line is null)
            {
                yield break;
            }

            yield return line;
        }
    }
}
