namespace Experiments.Plugins.Filters;

/// <summary>
/// The word splitter of the quality filters, close to spaCy's blank English tokenizer, which FineWeb uses. White space
/// separates chunks. Within a chunk, each punctuation mark at either end is a word of its own, and a run of dots is one
/// word. English clitics (<c>'s 're n't</c>) are split off. A hyphen, dash, slash or colon between letters is a word. A
/// URL, an e-mail address, a number (<c>1,000.5</c>) and dotted letters (<c>U.S.</c>) stay whole.
/// </summary>
/// <remarks>
/// It has no list of exceptions, so <c>cannot</c> is one word here and two in spaCy. Word counts differ by about one
/// per cent.
/// </remarks>
public static class Words
{
    private static readonly string[] Clitics = ["n't", "n’t", "'s", "’s", "'re", "’re", "'ve", "’ve", "'ll", "’ll", "'d", "’d", "'m", "’m"];

    /// <summary>The words of a text, as ranges within it.</summary>
    public static List<Range> Split(ReadOnlySpan<char> text)
    {
        var words = new List<Range>(text.Length / 5);
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && !char.IsWhiteSpace(text[i]))
            {
                i++;
            }

            SplitChunk(text, start, i, words);
        }

        return words;
    }

    /// <summary>The length in code points, the unit of the published thresholds.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var length = text.Length;
        foreach (var character in text)
        {
            length -= char.IsLowSurrogate(character) ? 1 : 0;
        }

        return length;
    }

    /// <summary>Whether a word consists only of punctuation, symbols and control characters.</summary>
    public static bool IsSymbol(ReadOnlySpan<char> word)
    {
        foreach (var character in word)
        {
            if (!IsMark(character) && !char.IsControl(character))
            {
                return false;
            }
        }

        return true;
    }

    private static void SplitChunk(ReadOnlySpan<char> text, int start, int end, List<Range> words)
    {
        while (start < end && IsMark(text[start]))
        {
            var length = Run(text, start, end);
            words.Add(start..(start + length));
            start += length;
        }

        var first = end;
        while (first > start && IsMark(text[first - 1]))
        {
            first--;
        }

        if (first < end && text[first] == '.' && IsDotted(text[start..first]))
        {
            first++;
        }

        if (start < first)
        {
            SplitCore(text, start, first, words);
        }

        while (first < end)
        {
            var length = Run(text, first, end);
            words.Add(first..(first + length));
            first += length;
        }
    }

    private static void SplitCore(ReadOnlySpan<char> text, int start, int end, List<Range> words)
    {
        var core = text[start..end];
        if (core.IndexOf("://") >= 0 || core.StartsWith("www.") || core.Contains('@'))
        {
            words.Add(start..end);
            return;
        }

        var clitic = 0;
        foreach (var candidate in Clitics)
        {
            if (core.Length > candidate.Length && core.EndsWith(candidate, StringComparison.OrdinalIgnoreCase))
            {
                clitic = candidate.Length;
                break;
            }
        }

        var wordStart = start;
        for (var i = start + 1; i < end - clitic - 1; i++)
        {
            var length = Infix(text, i);
            if (length > 0 && i + length < end - clitic && char.IsLetterOrDigit(text[i - 1]) && char.IsLetter(text[i + length]))
            {
                words.Add(wordStart..i);
                words.Add(i..(i + length));
                wordStart = i + length;
                i = wordStart;
            }
        }

        words.Add(wordStart..(end - clitic));
        if (clitic > 0)
        {
            words.Add((end - clitic)..end);
        }
    }

    private static int Infix(ReadOnlySpan<char> text, int i) => text[i] switch
    {
        '-' or '–' or '—' or '~' or '/' or ':' or '<' or '>' or '=' or '…' => text[i..].StartsWith("--") ? 2 : 1,
        '.' when text[i..].StartsWith("..") => text[i..].StartsWith("...") ? 3 : 2,
        _ => 0,
    };

    private static int Run(ReadOnlySpan<char> text, int start, int end)
    {
        var length = 1;
        while (text[start] == '.' && start + length < end && text[start + length] == '.')
        {
            length++;
        }

        return char.IsHighSurrogate(text[start]) && start + 1 < end ? 2 : length;
    }

    private static bool IsDotted(ReadOnlySpan<char> core) => core.Length >= 3 && core[^2] == '.' && char.IsLetter(core[^1]);

    private static bool IsMark(char character) => char.IsPunctuation(character) || char.IsSymbol(character);
}
