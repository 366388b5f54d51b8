using System.Text.RegularExpressions;

namespace Experiments.Plugins.Worlds.Prose;

/// <summary>The strictest view of words: letters, figures, and every other sign a word of its own.</summary>
internal static class WordTokens
{
    private static readonly Regex Pattern = new(@"[\p{L}']+|\d+|[^\p{L}\d\s]", RegexOptions.NonBacktracking);

    public static IReadOnlyList<string> Of(string text) => [.. Pattern.Matches(text).Select(match => match.Value)];
}
