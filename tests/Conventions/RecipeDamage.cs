using Experiments.Contracts;

namespace Experiments.Conventions.Tests;

/// <summary>Makes damaged recipes from whole ones: by typing mistakes, lost, moved and repeated lines, and odd values.</summary>
internal static class RecipeDamage
{
    private static readonly string[] Odd =
    [
        "", "~", "null", "[]", "{}", "[[]]", "{ a: b }", "[en }", "{ use: gpt ]", "-1", "0", "1e999", "-1e-999", ".nan", "-.inf", "0x1F", "1_000", "99999999999999999999",
        "3.5", "true", "yes", "2024-01-01", "10m", "0s", "-5s", "1e9d", "'", "\"", "\"\\x\"", "|", ">-", "? a", "- a", "a: b: c", "&a", "*a", "&a [*a]", "!!int 3", "!x y", "<<: *a",
        "%YAML 1.2", "---", "...", "#", "@x", "`x`", "$(", "$()", "$(vars)", "$(vars.)", "$(vars.x", "$(vars.x, )", "$(vars.x, $(vars.y))", "$(env.HOME)", "$(env.)", "$(each.x)",
        "$(seed)", "$(name)", "$$(x)", "file:", "file:*.txt", "file:a.txt", "file:.", "file:/", "file:\0", "file:missing.txt", "base", "base.model", "base.", ".base", "a.b.c.d", "/", "..",
        "\u001b[31m", "\uFEFF", "\u2028", "😀", "é", "\t", "\r", "x\ty", "< 3", "0.5..0.9", "..", "lines..", "''", "\"\"", "\"\\0\"", "\"file:\\0\"", "\"\\uD800\"", "\"a\\nb\"", "\"../\\0.cs\"", "gpt", "languag", "process-documents",
    ];

    private static readonly char[] Letters = [.. "{}[],:&*!|>'\"%@`#-$()~?<=. \t\n\r\0xe0_/\\", '\u00e9', '\uD800', '\u2028'];

    /// <summary>A damaged recipe with one to four faults.</summary>
    public static string Make(IReadOnlyList<string> recipes, ref RandomStream random)
    {
        var text = random.Pick(recipes);
        for (var faults = 1 + random.Next(4); faults > 0; faults--)
        {
            text = Damage(text, recipes, ref random);
        }

        return text;
    }

    /// <summary>A setting for <c>--set</c>: a path that a recipe has, or a damaged one, and an odd value.</summary>
    public static string Setting(IReadOnlyList<string> recipes, ref RandomStream random)
    {
        string[] begins = ["stages", "vars", "tracking", "sweep", "plugins", "name", "seed", "extends", ""];
        List<string> path = [random.Pick(begins)];
        for (var more = random.Next(5); more > 0; more--)
        {
            path.Add(random.NextDouble() < 0.2 ? random.Next(3).ToString(System.Globalization.CultureInfo.InvariantCulture) : Word(random.Pick(recipes), ref random));
        }

        return $"{string.Join('.', path)}{(random.NextDouble() < 0.95 ? "=" : "")}{(random.NextDouble() < 0.5 ? random.Pick(Odd) : Word(random.Pick(recipes), ref random))}";
    }

    private static string Damage(string text, IReadOnlyList<string> recipes, ref RandomStream random)
    {
        var lines = text.Split('\n').ToList();
        var line = random.Next(lines.Count);
        switch (random.Next(12))
        {
            case 0:
                lines.RemoveAt(line);
                break;
            case 1:
                lines.Insert(random.Next(lines.Count + 1), lines[line]);
                break;
            case 2:
                (lines[line], lines[random.Next(lines.Count)]) = (lines[random.Next(lines.Count)], lines[line]);
                break;
            case 3:
                lines[line] = random.NextDouble() < 0.5 ? new string(' ', 1 + random.Next(3)) + lines[line] : lines[line].Length > 2 ? lines[line][2..] : "";
                break;
            case 4:
                var colon = lines[line].IndexOf(": ", StringComparison.Ordinal);
                lines[line] = colon < 0 ? lines[line] + random.Pick(Odd) : lines[line][..(colon + 2)] + random.Pick(Odd);
                break;
            case 5:
                var other = random.Pick(recipes).Split('\n');
                var from = random.Next(other.Length);
                lines.InsertRange(random.Next(lines.Count + 1), other[from..Math.Min(other.Length, from + 1 + random.Next(6))]);
                break;
            case 6:
                return text[..random.Next(text.Length + 1)];
            case 7:
                return ReplaceWord(text, random.Pick(Odd), ref random);
            case 8:
                return ReplaceWord(text, Word(random.Pick(recipes), ref random), ref random);
            case 9:
                return ReplaceWord(text, null, ref random);
            case 10:
                var at = random.Next(text.Length + 1);
                return text.Insert(at, random.Pick(Letters).ToString());
            default:
                var gone = random.Next(text.Length + 1);
                return gone == text.Length ? text : text.Remove(gone, 1);
        }

        return string.Join('\n', lines);
    }

    /// <summary>Replaces a word by another, or, when that is null, by itself with a typing mistake.</summary>
    private static string ReplaceWord(string text, string? replacement, ref RandomStream random)
    {
        if (text.Length == 0)
        {
            return replacement ?? "x";
        }

        var middle = random.Next(text.Length);
        var (start, end) = (middle, middle);
        while (start > 0 && IsWord(text[start - 1]))
        {
            start--;
        }

        while (end < text.Length && IsWord(text[end]))
        {
            end++;
        }

        var word = text[start..end];
        replacement ??= word.Length < 2 ? word + "x" : word.Remove(random.Next(word.Length), 1);
        return text[..start] + replacement + text[end..];
    }

    private static string Word(string text, ref RandomStream random)
    {
        var words = text.Split([' ', '\n', ':', ',', '{', '}', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "x" : random.Pick(words);
    }

    private static bool IsWord(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.';
}
