using System.Text.RegularExpressions;
using Experiments.Plugins.Worlds.Prose;

namespace Experiments.Plugins.Worlds.Tests;

/// <summary>The rules of Gopher, C4 and FineWeb, with words split as strictly as any tokenizer does. Names the first rule that a text breaks.</summary>
internal static partial class TextRules
{
    private static readonly string[] StopWords = ["the", "be", "to", "of", "and", "that", "have", "with"];
    private static readonly string[] PolicyWords = ["lorem ipsum", "javascript", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies", "{"];

    public static string? Broken(string text)
    {
        var tokens = WordTokens.Of(text);
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] lines = text.Split('\n');
        return Quality(tokens, words) ?? Repetition(text, words) ?? Repetition(text, tokens) ?? C4(text) ?? FineWeb(lines, words);
    }

    private static string? Quality(IReadOnlyList<string> tokens, string[] words)
    {
        string[] letters = [.. tokens.Where(token => token.Any(char.IsLetterOrDigit))];
        return letters.Length < 50 ? "short document"
            : letters.Average(word => word.Length) is < 3 or > 10 || words.Average(word => word.Length) is < 3 or > 10 ? "word length"
            : tokens.Count(token => token.Any(char.IsLetter)) < 0.8 * tokens.Count ? "words without letters"
            : StopWords.Count(words.Contains) < 2 ? "stop words"
            : null;
    }

    private static string? Repetition(string text, IReadOnlyList<string> words)
    {
        double[] top = [0.20, 0.18, 0.16];
        for (var n = 2; n <= 4; n++)
        {
            var most = Grams(words, n).CountBy(gram => gram).MaxBy(pair => pair.Value);
            if (most.Key.Length * most.Value > top[n - 2] * text.Length)
            {
                return $"top {n}-gram '{most.Key}'";
            }
        }

        double[] duplicated = [0.15, 0.14, 0.13, 0.12, 0.11, 0.10];
        for (var n = 5; n <= 10; n++)
        {
            var seen = new HashSet<string>();
            var characters = 0;
            for (var i = 0; i <= words.Count - n;)
            {
                var gram = string.Concat(words.Skip(i).Take(n));
                var isNew = seen.Add(gram);
                characters += isNew ? 0 : gram.Length;
                i += isNew ? 1 : n;
            }

            if (characters > duplicated[n - 5] * text.Length)
            {
                return $"duplicated {n}-grams";
            }
        }

        return null;
    }

    private static string? C4(string text) =>
        SentenceEnd().Count(text) < 5 ? "sentences" : PolicyWords.FirstOrDefault(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string? FineWeb(string[] lines, string[] words) =>
        lines.Any(line => line[^1] is not ('.' or '!' or '?')) ? "line ends"
        : lines.Count(line => line.Length <= 30) > 0.67 * lines.Length ? "short lines"
        : lines.Distinct().Count() < lines.Length ? "duplicated lines"
        : lines.Length - 1 > 0.3 * words.Length ? "list"
        : null;

    public static IEnumerable<string> Grams(IReadOnlyList<string> words, int n) =>
        Enumerable.Range(0, Math.Max(0, words.Count - n + 1)).Select(i => string.Join(' ', words.Skip(i).Take(n)));

    [GeneratedRegex(@"[.!?](\s|$)", RegexOptions.None, 10_000)]
    private static partial Regex SentenceEnd();
}
