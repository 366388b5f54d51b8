using System.Text;

namespace Experiments.Contracts.Reports;

/// <summary>Builds a Markdown page.</summary>
public sealed class MarkdownPage
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a heading.</summary>
    public void Heading(int level, string text) => Block($"{new string('#', level)} {Inline(text)}");

    /// <summary>Adds a paragraph of Markdown; nothing if it is empty.</summary>
    public void Paragraph(string markdown)
    {
        if (markdown.Length > 0)
        {
            Block(markdown);
        }
    }

    /// <summary>Adds a table; nothing if it has no rows. Cells are Markdown.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<string> lines = [.. rows.Select(Row)];
        if (lines.Count > 0)
        {
            Block(string.Join('\n', [Row(header), Row([.. header.Select(_ => "---")]), .. lines]));
        }
    }

    /// <summary>Adds pictures, two in a row.</summary>
    public void Pictures(IEnumerable<(string Path, string Meaning)> pictures) =>
        Paragraph(string.Join('\n', pictures.Select(picture => $"<img src=\"{picture.Path}\" alt=\"{Inline(picture.Meaning)}\" width=\"49%\">")));

    /// <summary>Adds a block that opens on a click.</summary>
    public void Folded(string summary, string language, string content) =>
        Block($"<details><summary>{Inline(summary)}</summary>\n\n```{language}\n{content}\n```\n\n</details>");

    /// <summary>
    /// Escapes arbitrary text for a cell or a line, so that it is shown literally. Line breaks are kept; text beyond
    /// <paramref name="longest"/> characters is cut.
    /// </summary>
    public static string Quote(string text, int longest = 280)
    {
        var cut = text.Trim();
        cut = cut.Length <= longest
            ? cut
            : cut[..(char.IsHighSurrogate(cut[longest - 1]) ? longest - 1 : longest)] + "\u2026";
        return cut.Length == 0 ? "*(nothing)*" : Inline(cut);
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static string Inline(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in text.ReplaceLineEndings("\n"))
        {
            _ = letter switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\n' => escaped.Append("<br>"),
                '|' or '*' or '`' or '[' or ']' or '\\' or '~' or '$' => escaped.Append('\\').Append(letter),
                _ when char.IsControl(letter) => escaped.Append('\uFFFD'),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |";

    private void Block(string text) => _text.Append(text).Append("\n\n");
}
