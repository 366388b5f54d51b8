using System.Text.RegularExpressions;

namespace Experiments.Engine.Yaml;

/// <summary>Messages for unknown names: the likely intended name, and all known names.</summary>
public static partial class Suggestion
{
    /// <summary><c>no option 'min_word'. Did you mean 'min_words'? Options: min_words, max_words.</c></summary>
    /// <param name="what">The kind of name, singular: <c>option</c>.</param>
    /// <param name="name">The wrong name.</param>
    /// <param name="heading">The kind of name, plural: <c>options</c>.</param>
    /// <param name="known">The known names.</param>
    public static string No(string what, string name, string heading, IEnumerable<string> known)
    {
        string[] names = [.. known];
        var most = Math.Min(RecipeLimits.Listed, RecipeLimits.ListedCharacters / Math.Max(1, (int)names.Select(known => known.Length).DefaultIfEmpty().Average()));
        var listed = string.Join(", ", names.Take(most).Select(Shown)) + (names.Length > most ? $" and {names.Length - most} more" : "");
        return $"no {what} '{Shown(name)}'.{Guess(name, names)} {char.ToUpperInvariant(heading[0])}{heading.AsSpan(1)}: {(names.Length == 0 ? "(none)" : listed)}.";
    }

    /// <summary>A text as a message shows it: cut when it is long.</summary>
    internal static string Shown(string text) => text.Length <= RecipeLimits.Shown ? text : $"{text.AsSpan(0, RecipeLimits.Shown)}... ({text.Length:N0} characters)";

    /// <summary><c> Did you mean 'min_words'?</c>, with a space before it; empty when no known name is near.</summary>
    /// <param name="name">The wrong name.</param>
    /// <param name="known">The known names.</param>
    public static string Guess(string name, IEnumerable<string> known) => Nearest(name, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>The likely intended name in a message that <see cref="No"/> made, or null when there is none.</summary>
    public static string? In(string message) => Guessed().Match(message) is { Success: true } guess ? guess.Groups["name"].Value : null;

    /// <summary>The known names, the most similar ones first.</summary>
    public static IEnumerable<string> Ranked(string name, IEnumerable<string> known) => known.OrderBy(each => Distance(name.Length <= RecipeLimits.Shown ? name : "", each));

    private static string? Nearest(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        var limit = Math.Min(name.Length, Math.Max(2, name.Length / 3) + 1);
        foreach (var candidate in known.Where(candidate => Math.Abs(candidate.Length - name.Length) < limit && name.Length <= RecipeLimits.Shown))
        {
            var distance = Distance(name, candidate);
            if (distance < limit)
            {
                (nearest, limit) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>
    /// The edit distance of two words, in which a swap of neighbours counts as one edit (optimal string alignment). '-'
    /// and '_' are equal.
    /// </summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                rows[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(rows[i - 1, j - 1] + (At(left, i) == At(right, j) ? 0 : 1), Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && At(left, i) == At(right, j - 1) && At(left, i - 1) == At(right, j))
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[left.Length, right.Length];

        static char At(string word, int position) => word[position - 1] == '-' ? '_' : char.ToLowerInvariant(word[position - 1]);
    }

    [GeneratedRegex(" Did you mean '(?<name>[^']*)'\\?", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Guessed();
}
