using Experiments.Contracts.Text;
using Spectre.Console;
using Columns = Experiments.Host.Display.Columns;

namespace Experiments.Host.Tokens;

/// <summary>Tokens in the terminal: the text in colours, a list of ids and bytes, and the totals.</summary>
public sealed class TerminalTokens(IAnsiConsole console) : ITokenDisplay
{
    private const int MostListed = 200;
    private const char LineEnd = '⏎';
    private static readonly Color Ink = new(24, 24, 24);
    private static readonly Color[] Backgrounds = [new(190, 215, 250), new(252, 222, 178), new(196, 236, 200), new(248, 203, 216), new(219, 208, 250), new(186, 233, 235)];
    private static readonly Style Special = new(Color.White, new(95, 95, 105), Decoration.Bold);

    /// <inheritdoc/>
    public void Begin(string tokenizer, ITokenizer open) => console.MarkupLineInterpolated($"[bold]{tokenizer}[/] [grey]{open.VocabularySize:#,0} tokens[/]");

    /// <inheritdoc/>
    public void Show(TokenizedText text)
    {
        var paragraph = new Paragraph();
        foreach (var (place, token) in text.Tokens.Index())
        {
            var style = token.IsSpecial ? Special : new(Ink, Backgrounds[place % Backgrounds.Length], token.IsLearned ? Decoration.Underline : Decoration.None);
            foreach (var (line, part) in token.Shown.Split(LineEnd).Index())
            {
                if (line > 0)
                {
                    paragraph.Append(LineEnd.ToString(), style).Append("\n");
                }

                paragraph.Append(part, style);
            }
        }

        console.Write(paragraph);
        console.WriteLine();
        console.WriteLine();
        List(text.Tokens);
        console.MarkupLineInterpolated($"[grey]{text.Summary}{(text.Tokens.Any(token => token.IsLearned) ? $"; underlined: {text.Tokens.Count(token => token.IsLearned):#,0} that a model learns" : "")}[/]");
        console.WriteLine();
    }

    /// <inheritdoc/>
    public void Show(IReadOnlyList<TracedPiece> pieces, ITokenizer tokenizer)
    {
        foreach (var piece in pieces)
        {
            foreach (var line in MergeTable.Lines(piece, tokenizer))
            {
                var gap = new string(' ', line.Width - line.Before.Length - line.Made.Length - line.After.Length);
                console.MarkupLineInterpolated(line.Merge is { } merge
                    ? (FormattableString)$"{line.Before}[black on green]{line.Made}[/]{line.After}{gap}  [grey]rank {merge.Rank,6}[/]  [green]{line.Made}[/]"
                    : $"[bold]{line.After}[/]");
            }

            foreach (var (place, id) in piece.Ids.Index())
            {
                console.Write(new Text(MergeTable.Name(id, tokenizer), new(Ink, Backgrounds[place % Backgrounds.Length])));
                console.Write(new Text(place + 1 < piece.Ids.Count ? "|" : "  "));
            }

            console.MarkupLineInterpolated($"[grey]{string.Join(' ', piece.Ids)}{(PlainTokens.IsWhole(piece) ? "  the whole piece is one token: no merges were needed" : "")}[/]");
            console.WriteLine();
        }
    }

    private void List(IReadOnlyList<PlacedToken> tokens)
    {
        var table = new Columns();
        table.Add("id", "bytes", "text");
        foreach (var token in tokens.Take(MostListed))
        {
            table.Add($"{token.Id}", VisibleText.Hex(token.Bytes), token.Shown);
        }

        var list = new StringWriter();
        table.Write(list);
        console.Write(new Text(list.ToString()));
        if (tokens.Count > MostListed)
        {
            console.MarkupLineInterpolated($"[grey]... and {tokens.Count - MostListed:#,0} more: pipe the output or use --html to see all[/]");
        }
    }
}
