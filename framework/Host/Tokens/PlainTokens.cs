using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>
/// Tokens for scripts: one line per token, with its id, a tab and its text with backslash escapes. Everything else goes
/// to the notes.
/// </summary>
/// <param name="output">Receives the lines.</param>
/// <param name="notes">Receives the tokenizer's name and the totals.</param>
/// <param name="isOneOfSeveral">Whether several tokenizers are shown. Then <c># NAME</c> comes before the lines of
/// each.</param>
public sealed class PlainTokens(TextWriter output, TextWriter notes, bool isOneOfSeveral = false) : ITokenDisplay
{
    /// <inheritdoc/>
    public void Begin(string tokenizer, ITokenizer open)
    {
        notes.WriteLine($"{tokenizer}: {open.VocabularySize:#,0} tokens");
        output.Write(isOneOfSeveral ? $"# {tokenizer}{output.NewLine}" : "");
    }

    /// <inheritdoc/>
    public void Show(TokenizedText text)
    {
        foreach (var token in text.Tokens)
        {
            output.WriteLine($"{token.Id}\t{token.Escaped}{(token.IsLearned ? "\tlearned" : "")}");
        }

        output.Flush();
        notes.WriteLine(text.Summary);
    }

    /// <inheritdoc/>
    public void Show(IReadOnlyList<TracedPiece> pieces, ITokenizer tokenizer)
    {
        foreach (var piece in pieces)
        {
            foreach (var line in MergeTable.Lines(piece, tokenizer))
            {
                var parts = (line.Before + line.Made + line.After).PadRight(line.Width);
                output.WriteLine(line.Merge is { } merge ? $"{parts}  {merge.Rank,7}  {line.Made}" : parts.TrimEnd());
            }

            output.WriteLine($"{MergeTable.Tokens(piece, tokenizer)}  {string.Join(' ', piece.Ids)}{(IsWhole(piece) ? "  whole" : "")}");
            output.WriteLine();
        }

        output.Flush();
    }

    /// <summary>Whether the whole piece is one token, without any merges.</summary>
    internal static bool IsWhole(TracedPiece piece) => piece.Merges.Count == 0 && piece.Parts.Count > 1 && piece.Ids.Count == 1;
}
