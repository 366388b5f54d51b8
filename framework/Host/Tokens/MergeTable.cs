using System.Text;
using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>The merges of a piece as lines. Each part is below the bytes that it is made of.</summary>
public static class MergeTable
{
    /// <summary>The lines: one with the bytes, then one per merge.</summary>
    public static IReadOnlyList<MergeLine> Lines(TracedPiece piece, ITokenizer tokenizer)
    {
        var parts = piece.Parts.ToList();
        List<(int Start, int Length)> columns = [];
        foreach (var part in parts)
        {
            columns.Add((columns is [.., var last] ? last.Start + last.Length + 1 : 0, Name(part, tokenizer).Length));
        }

        List<MergeLine> lines = [Line(parts, columns, null, null, tokenizer)];
        foreach (var merge in piece.Merges)
        {
            var (left, right) = (columns[merge.Position], columns[merge.Position + 1]);
            (parts[merge.Position], columns[merge.Position]) = (merge.Token, (left.Start, right.Start + right.Length - left.Start));
            parts.RemoveAt(merge.Position + 1);
            columns.RemoveAt(merge.Position + 1);
            lines.Add(Line(parts, columns, merge.Position, merge, tokenizer));
        }

        return lines;
    }

    /// <summary>The tokens of a piece, separated by bars.</summary>
    public static string Tokens(TracedPiece piece, ITokenizer tokenizer) => string.Join('|', piece.Ids.Select(id => Name(id, tokenizer)));

    /// <summary>
    /// A token with all characters visible. A byte that is not a character is written as <c>\xE2</c>.
    /// </summary>
    public static string Name(int id, ITokenizer tokenizer) => VisibleText.Show(tokenizer.Bytes(id));

    private static MergeLine Line(List<int> parts, List<(int Start, int Length)> columns, int? made, TracedMerge? merge, ITokenizer tokenizer)
    {
        var (line, before, token) = (new StringBuilder(), "", "");
        foreach (var (index, part) in parts.Index())
        {
            line.Append(' ', Math.Max(0, columns[index].Start - line.Length));
            var name = Name(part, tokenizer);
            if (index == made)
            {
                (before, token) = (line.ToString(), name);
            }

            line.Append(name);
        }

        var width = columns is [.., var last] ? last.Start + last.Length : 0;
        return new(before, token, line.ToString()[(before.Length + token.Length)..], Math.Max(width, line.Length), merge);
    }
}

/// <summary>A line of the table.</summary>
/// <param name="Before">The text before the token that the merge made; empty on the first line.</param>
/// <param name="Made">The token that the merge made; empty on the first line.</param>
/// <param name="After">The text after that token.</param>
/// <param name="Width">The width of the table in characters.</param>
/// <param name="Merge">The merge; null on the first line.</param>
public sealed record MergeLine(string Before, string Made, string After, int Width, TracedMerge? Merge);
