using System.Text.RegularExpressions;

namespace Experiments.Plugins.Worlds.Prose;

/// <summary>
/// Splits text in the strictest way: into runs of letters, runs of digits, and every other character on its own.
/// </summary>
internal static class WordTokens
{
    private static readonly Regex Pattern = new(@"[\p{L}']+|\d+|[^\p{L}\d\s]", RegexOptions.NonBacktracking);

    public static IReadOnlyList<string> Of(string text) => [.. Pattern.Matches(text).Select(match => match.Value)];
}
