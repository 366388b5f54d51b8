using System.Runtime.CompilerServices;
using static Experiments.Plugins.Tokenizers.Splitting.CharacterClasses;
using static Experiments.Plugins.Tokenizers.Splitting.CharacterTable;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>
/// Splits like the published expressions, but without a regular expression: .NET's work on UTF-16 units and would miss
/// letters and digits beyond the basic plane. Every piece is found in time linear in its length.
/// </summary>
/// <param name="Pattern">Which of the published patterns.</param>
public sealed record PublishedSplitter(SplitPattern Pattern) : PieceSplitter
{
    /// <inheritdoc/>
    internal override void Split<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
    {
        switch (Pattern)
        {
            case SplitPattern.Digits:
                Split(text, ref sink, default(Gpt4Rule<One>));
                break;
            case SplitPattern.Gpt4:
                Split(text, ref sink, default(Gpt4Rule<Three>));
                break;
            case SplitPattern.Gpt2:
                Split(text, ref sink, default(Gpt2Rule<Many>));
                break;
            case SplitPattern.Gpt2Digits:
                Split(text, ref sink, default(Gpt2Rule<One>));
                break;
            case SplitPattern.O200k:
                Split(text, ref sink, default(O200kRule));
                break;
            default:
                throw new InvalidOperationException($"No such pattern: {Pattern}.");
        }
    }

    private static void Split<TSink, TRule>(ReadOnlySpan<byte> text, ref TSink sink, TRule rule)
        where TSink : IPieceSink, allows ref struct
        where TRule : struct, IRule
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = rule.PieceEnd(text, start);
            sink.Add(text, start, end);
        }
    }

    /// <summary>
    /// One of the expressions. It is implemented by structs, so that each has a compiled loop of its own.
    /// </summary>
    private interface IRule
    {
        /// <summary>The end of the piece that starts at a position within the text.</summary>
        int PieceEnd(ReadOnlySpan<byte> text, int start);
    }

    /// <summary>How many digits stay together.</summary>
    private interface IDigits
    {
        static abstract int Together { get; }
    }

    private struct One : IDigits
    {
        public static int Together => 1;
    }

    private struct Three : IDigits
    {
        public static int Together => 3;
    }

    private struct Many : IDigits
    {
        public static int Together => int.MaxValue;
    }

    private readonly struct Gpt2Rule<TDigits> : IRule
        where TDigits : IDigits
    {
        public int PieceEnd(ReadOnlySpan<byte> text, int start)
        {
            if (Contraction(text, start, ignoreCase: false) is > 0 and var contraction)
            {
                return start + contraction;
            }

            var word = text[start] == ' ' ? start + 1 : start;
            var first = At(text, word);
            if (TDigits.Together == 1 && (first & Number) != None)
            {
                // The digit is split off first, so the space before it does not see it.
                return word == start ? NumberEnd(text, start, digits: 1) : word;
            }

            var run = (first & Letter) != None ? Letter : (first & Number) != None ? Number : Other;
            var end = RunEnd(text, word, run);
            return end > word ? end : WhiteEnd(text, start, RunEnd(text, start, White), beforeDigits: TDigits.Together == 1);
        }
    }

    private readonly struct Gpt4Rule<TDigits> : IRule
        where TDigits : IDigits
    {
        public int PieceEnd(ReadOnlySpan<byte> text, int start)
        {
            if (text[start] == '\'' && Contraction(text, start, ignoreCase: true) is > 0 and var contraction)
            {
                return start + contraction;
            }

            var first = At(text, start, out var width);
            var word = (first & (Letter | Number | NewLine)) == None ? start + width : start;
            var end = RunEnd(text, AsciiLettersEnd(text, word), Letter);
            return end > word ? end : WordlessEnd(text, start, TDigits.Together, slashes: false);
        }
    }

    private readonly struct O200kRule : IRule
    {
        public int PieceEnd(ReadOnlySpan<byte> text, int start)
        {
            var first = At(text, start, out var width);
            var word = (first & (Letter | Number | NewLine)) == None ? start + width : start;
            var (end, lowerEnd) = (word, -1);
            while (end < text.Length && At(text, end, out var step) is var each && (each & (Upper | Caseless | Mark)) != None)
            {
                end += step;
                lowerEnd = (each & (Caseless | Mark)) != None ? end : lowerEnd;
            }

            // First alternative: any number of upper-case characters, then at least one of the lower set, which the
            // greedy upper-case run may have to give back. A mark that was taken as the character before a word can be
            // that one itself. Second alternative: upper case only.
            var run = RunEnd(text, AsciiLowerEnd(text, end), Lower | Caseless | Mark);
            end = run > end ? run : lowerEnd > 0 ? lowerEnd : (first & Mark) != None ? start + width : end;
            return end > word || (first & Mark) != None
                ? end + Contraction(text, end, ignoreCase: true)
                : WordlessEnd(text, start, digits: 3, slashes: true);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AsciiLettersEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && (uint)((text[at] | 0x20) - 'a') < 26)
        {
            at++;
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AsciiLowerEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && (uint)(text[at] - 'a') < 26)
        {
            at++;
        }

        return at;
    }

    private static int WordlessEnd(ReadOnlySpan<byte> text, int start, int digits, bool slashes)
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
            while (end < text.Length && (text[end] is (byte)'\r' or (byte)'\n' || (slashes && text[end] == '/')))
            {
                end++;
            }

            return end;
        }

        end = RunEnd(text, start, White);
        var newLine = text[start..end].LastIndexOfAny((byte)'\r', (byte)'\n');
        return newLine >= 0 ? start + newLine + 1 : WhiteEnd(text, start, end, beforeDigits: false);
    }

    /// <summary>
    /// The end of a run of white space. Its last character belongs to the word after it, unless it is the only
    /// character.
    /// </summary>
    private static int WhiteEnd(ReadOnlySpan<byte> text, int start, int end, bool beforeDigits)
    {
        if (end == text.Length || (beforeDigits && (At(text, end) & Number) != None))
        {
            return end;
        }

        var last = end - 1;
        while (Utf8Character.IsContinuation(text[last]))
        {
            last--;
        }

        return last > start ? last : end;
    }

    private static int NumberEnd(ReadOnlySpan<byte> text, int at, int digits)
    {
        for (; digits > 0 && at < text.Length && (At(text, at, out var width) & Number) != None; digits--)
        {
            at += width;
        }

        return at;
    }

    /// <summary>
    /// The length of <c>'s 't 're 've 'm 'll 'd</c>, or 0 if there is none. If case is ignored, the long s counts as an
    /// s, as in Unicode.
    /// </summary>
    private static int Contraction(ReadOnlySpan<byte> text, int at, bool ignoreCase)
    {
        if (at + 1 >= text.Length || text[at] != '\'')
        {
            return 0;
        }

        var fold = ignoreCase ? 0x20 : 0;
        var (first, second) = ((char)(text[at + 1] | fold), at + 2 < text.Length ? (char)(text[at + 2] | fold) : '\0');
        return first is 's' or 't' or 'm' or 'd' ? 2
            : (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') || (ignoreCase && text[(at + 1)..].StartsWith("ſ"u8)) ? 3 : 0;
    }
}
