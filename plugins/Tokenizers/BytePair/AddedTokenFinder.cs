using System.Buffers;
using System.Globalization;
using System.Text;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Finds added tokens in a text, from left to right. Of tokens that begin at the same place, it finds the longest.
/// </summary>
internal sealed class AddedTokenFinder
{
    private readonly SearchValues<byte> _firsts;
    private readonly List<(byte[] Text, AddedToken Token)> _tokens;

    /// <summary>Makes a finder of the given tokens.</summary>
    public AddedTokenFinder(IEnumerable<AddedToken> tokens)
    {
        _tokens = [.. tokens.Where(token => token.Text.Length > 0).Select(token => (Encoding.UTF8.GetBytes(token.Text), token)).OrderByDescending(token => token.Item1.Length)];
        _firsts = SearchValues.Create([.. _tokens.Select(token => token.Text[0]).Distinct()]);
    }

    /// <summary>The next token in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where the search begins: the end of the token found before.</param>
    /// <param name="start">Where the token begins, including the white space that it strips.</param>
    /// <param name="end">Where the token ends, including the white space that it strips.</param>
    /// <returns>The token, or null if there is no further one.</returns>
    public AddedToken? Next(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        for (start = from; _tokens.Count > 0 && start < text.Length && text[start..].IndexOfAny(_firsts) is >= 0 and var step; start++)
        {
            start += step;
            foreach (var (bytes, token) in _tokens)
            {
                end = start + bytes.Length;
                if (!text[start..].StartsWith(bytes))
                {
                    continue;
                }

                if (token.IsSingleWord && (EndsInWord(text[..start]) || BeginsWithWord(text[end..])))
                {
                    start = end - 1; // as in Hugging Face: only the longest is tried, and the search continues after it
                    break;
                }

                start = token.StripsLeft ? Math.Max(from, WhiteStart(text[..start])) : start;
                end += token.StripsRight ? WhiteLength(text[end..]) : 0;
                return token;
            }
        }

        (start, end) = (text.Length, text.Length);
        return null;
    }

    private static bool EndsInWord(ReadOnlySpan<byte> text) => Rune.DecodeLastFromUtf8(text, out var rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool BeginsWithWord(ReadOnlySpan<byte> text) => Rune.DecodeFromUtf8(text, out var rune, out _) == OperationStatus.Done && IsWord(rune);

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.ConnectorPunctuation
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.LetterNumber;

    private static int WhiteStart(ReadOnlySpan<byte> text)
    {
        var start = text.Length;
        while (Rune.DecodeLastFromUtf8(text[..start], out var rune, out var width) == OperationStatus.Done && Rune.IsWhiteSpace(rune))
        {
            start -= width;
        }

        return start;
    }

    private static int WhiteLength(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (Rune.DecodeFromUtf8(text[length..], out var rune, out var width) == OperationStatus.Done && Rune.IsWhiteSpace(rune))
        {
            length += width;
        }

        return length;
    }
}
