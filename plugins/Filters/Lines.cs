namespace Experiments.Plugins.Filters;

/// <summary>Lines, duplicates and sentences, as the quality filters count them.</summary>
internal static class Lines
{
    // The line ends of Unicode and of Python's splitlines, which the published filters use.
    private static readonly string[] Ends = ["\r\n", "\n", "\r", "\v", "\f", "\u001c", "\u001d", "\u001e", "\u0085", "\u2028", "\u2029"];

    /// <summary>The lines of a text; a final line end begins no further line.</summary>
    public static string[] Split(string text)
    {
        var lines = text.Split(Ends, StringSplitOptions.None);
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    /// <summary>How many items came before in the list, and their length in code points.</summary>
    public static (int Items, long Characters) Duplicates(IEnumerable<string> items)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (count, characters) = (0, 0L);
        foreach (var item in items)
        {
            if (!seen.Add(item))
            {
                count++;
                characters += Words.Length(item);
            }
        }

        return (count, characters);
    }

    /// <summary>How often a string occurs, without overlap.</summary>
    public static int Count(string text, string part) => text.AsSpan().Count(part);
}
