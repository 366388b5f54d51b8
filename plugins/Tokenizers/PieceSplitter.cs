using static Experiments.Plugins.Tokenizers.CharacterClasses;
using static Experiments.Plugins.Tokenizers.CharacterTable;

namespace Experiments.Plugins.Tokenizers;

/// <summary>
/// Cuts text into pieces as the published expressions do, without a regular expression: .NET's would look at UTF-16 units, and miss letters
/// and digits beyond the basic plane. Every piece is found in time linear in its length.
/// </summary>
internal static class PieceSplitter
{
    /// <summary>The end of the piece that starts at a place inside the text.</summary>
    public static int PieceEnd(ReadOnlySpan<char> text, int start, SplitPattern pattern) => pattern switch
    {
        SplitPattern.Digits => Gpt4(text, start, digits: 1),
        SplitPattern.Gpt4 => Gpt4(text, start, digits: 3),
        SplitPattern.Gpt2 => Gpt2(text, start, singleDigits: false),
        SplitPattern.Gpt2Digits => Gpt2(text, start, singleDigits: true),
        SplitPattern.O200k => O200k(text, start),
        _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "No such pattern."),
    };

    private static int Gpt2(ReadOnlySpan<char> text, int start, bool singleDigits)
    {
        if (Contraction(text, start, ignoreCase: false) is > 0 and var contraction)
        {
            return start + contraction;
        }

        var word = text[start] == ' ' ? start + 1 : start;
        var first = At(text, word);
        if (singleDigits && (first & Number) != None)
        {
            // The cut around the digit hides it from the space before it.
            return word == start ? NumberEnd(text, start, digits: 1) : word;
        }

        var run = (first & Letter) != None ? Letter : (first & Number) != None ? Number : Other;
        var end = RunEnd(text, word, run);
        return end > word ? end : WhiteEnd(text, start, RunEnd(text, start, White), singleDigits);
    }

    private static int Gpt4(ReadOnlySpan<char> text, int start, int digits)
    {
        if (Contraction(text, start, ignoreCase: true) is > 0 and var contraction)
        {
            return start + contraction;
        }

        var first = At(text, start, out var width);
        var word = (first & (Letter | Number | NewLine)) == None ? start + width : start;
        var end = RunEnd(text, word, Letter);
        return end > word ? end : WordlessEnd(text, start, digits, slashes: false);
    }

    private static int O200k(ReadOnlySpan<char> text, int start)
    {
        var first = At(text, start, out var width);
        var word = (first & (Letter | Number | NewLine)) == None ? start + width : start;
        var (end, lowerEnd) = (word, -1);
        while (end < text.Length && At(text, end, out var step) is var each && (each & (Upper | Caseless | Mark)) != None)
        {
            end += step;
            lowerEnd = (each & (Caseless | Mark)) != None ? end : lowerEnd;
        }

        // First alternative: any upper case, then at least one of the lower set, be it given back by the greedy upper run. A mark that was
        // taken for the character before a word can be that one itself. Second alternative: upper case alone.
        var run = RunEnd(text, end, Lower | Caseless | Mark);
        end = run > end ? run : lowerEnd > 0 ? lowerEnd : (first & Mark) != None ? start + width : end;
        return end > word || (first & Mark) != None
            ? end + Contraction(text, end, ignoreCase: true)
            : WordlessEnd(text, start, digits: 3, slashes: true);
    }

    private static int WordlessEnd(ReadOnlySpan<char> text, int start, int digits, bool slashes)
    {
        var end = NumberEnd(text, start, digits);
        if (end > start)
        {
            return end;
        }

        var symbols = text[start] == ' ' ? start + 1 : start;
        end = RunEnd(text, symbols, Other);
        if (end > symbols)
        {
            while (end < text.Length && (text[end] is '\r' or '\n' || (slashes && text[end] == '/')))
            {
                end++;
            }

            return end;
        }

        end = RunEnd(text, start, White);
        var newLine = text[start..end].LastIndexOfAny('\r', '\n');
        return newLine >= 0 ? start + newLine + 1 : WhiteEnd(text, start, end, beforeDigits: false);
    }

    /// <summary>White space leaves its last character to the word behind it, unless it is the only one.</summary>
    private static int WhiteEnd(ReadOnlySpan<char> text, int start, int end, bool beforeDigits) =>
        end == text.Length || end == start + 1 || (beforeDigits && (At(text, end) & Number) != None) ? end : end - 1;

    private static int NumberEnd(ReadOnlySpan<char> text, int at, int digits)
    {
        for (; digits > 0 && at < text.Length && (At(text, at, out var width) & Number) != None; digits--)
        {
            at += width;
        }

        return at;
    }

    /// <summary>The length of <c>'s 't 're 've 'm 'll 'd</c>, or 0. Folding case, the long s is an s, as Unicode has it.</summary>
    private static int Contraction(ReadOnlySpan<char> text, int at, bool ignoreCase)
    {
        if (at + 1 >= text.Length || text[at] != '\'')
        {
            return 0;
        }

        var (first, second) = (Fold(text[at + 1]), at + 2 < text.Length ? Fold(text[at + 2]) : '\0');
        return first is 's' or 't' or 'm' or 'd' ? 2 : (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;

        char Fold(char c) => !ignoreCase ? c : c == 'ſ' ? 's' : char.ToLowerInvariant(c);
    }
}
