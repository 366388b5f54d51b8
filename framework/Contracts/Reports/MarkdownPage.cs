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

    /// <summary>Adds a table; nothing if it has no rows. The header is plain text; the cells are Markdown.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<string> lines = [.. rows.Select(Row)];
        if (lines.Count > 0)
        {
            Block(string.Join('\n', [Row([.. header.Select(Inline)]), Row([.. header.Select(_ => "---")]), .. lines]));
        }
    }

    /// <summary>Adds a picture.</summary>
    /// <param name="path">The file, as <see cref="PlotFolder.Save"/> names it.</param>
    /// <param name="meaning">What it shows, as plain text.</param>
    public void Picture(string path, string meaning) => Block($"![{Inline(meaning)}]({path})");

    /// <summary>Adds pictures, two in a row.</summary>
    public void Pictures(IEnumerable<(string Path, string Meaning)> pictures) =>
        Paragraph(string.Join('\n', pictures.Select(picture => $"<img src=\"{picture.Path}\" alt=\"{Inline(picture.Meaning)}\" width=\"49%\">")));

    /// <summary>Adds a block that opens on a click.</summary>
    public void Folded(string summary, string language, string content)
    {
        var fence = new string('`', Math.Max(3, LongestRun(content, '`') + 1));
        Block($"<details><summary>{Inline(summary)}</summary>\n\n{fence}{language}\n{content}\n{fence}\n\n</details>");
    }

    /// <summary>Arbitrary text as a code span on one line, for a name in a cell or a paragraph.</summary>
    public static string Code(string text)
    {
        var shown = new string([.. text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)]).Replace("|", "\\|", StringComparison.Ordinal);
        var fence = new string('`', LongestRun(shown, '`') + 1);
        var space = shown.Length == 0 || shown[0] == '`' || shown[^1] == '`' ? " " : "";
        return fence + space + shown + space + fence;
    }

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

    private static int LongestRun(string text, char wanted)
    {
        var (longest, run) = (0, 0);
        foreach (var letter in text)
        {
            run = letter == wanted ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private static string Row(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |";

    private void Block(string text) => _text.Append(text).Append("\n\n");
}
