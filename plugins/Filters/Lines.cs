namespace Experiments.Plugins.Filters;

/// <summary>Counts lines, duplicates and substrings for the quality filters.</summary>
internal static class Lines
{
    // The line ends of Unicode and of Python's splitlines, which the published filters call.
    private static readonly string[] Ends = ["\r\n", "\n", "\r", "\v", "\f", "\u001c", "\u001d", "\u001e", "\u0085", "\u2028", "\u2029"];

    /// <summary>The lines of a text. A line end at the end of the text does not begin another line.</summary>
    public static string[] Split(string text)
    {
        var lines = text.Split(Ends, StringSplitOptions.None);
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    /// <summary>
    /// How many items of the list repeat an earlier one, and the total length of these items in code points.
    /// </summary>
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

    /// <summary>How often a string occurs, counted without overlaps.</summary>
    public static int Count(string text, string part) => text.AsSpan().Count(part);
}
