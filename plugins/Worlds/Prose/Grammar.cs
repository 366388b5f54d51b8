using System.Text;

namespace Experiments.Plugins.Worlds.Prose;

/// <summary>
/// Expands sentence templates. <c>[a|b|c]</c> becomes one of the alternatives; alternatives can be nested.
/// <c>{name}</c> becomes the given value of that name or, if there is none, an entry of the list of that name in
/// <see cref="Words"/>.
/// </summary>
internal static class Grammar
{
    /// <summary>Expands a template and capitalises its first letter.</summary>
    public static string Sentence(string shell, ref RandomStream random, IReadOnlyDictionary<string, string>? values = null)
    {
        var text = new StringBuilder();
        Append(shell, text, ref random, values);
        text[0] = char.ToUpperInvariant(text[0]);
        return text.ToString();
    }

    /// <summary>
    /// Draws different items in random order; all of them if there are fewer than <paramref name="count"/>.
    /// </summary>
    public static T[] Deal<T>(IReadOnlyList<T> items, int count, ref RandomStream random)
    {
        T[] deck = [.. items];
        random.Shuffle(deck.AsSpan());
        return deck[..Math.Min(count, deck.Length)];
    }

    private static void Append(ReadOnlySpan<char> shell, StringBuilder text, ref RandomStream random, IReadOnlyDictionary<string, string>? values)
    {
        for (var i = 0; i < shell.Length; i++)
        {
            if (shell[i] == '[')
            {
                var (alternative, end) = Choose(shell, i, ref random);
                Append(shell[alternative], text, ref random, values);
                i = end;
            }
            else if (shell[i] == '{')
            {
                var end = i + shell[i..].IndexOf('}');
                var name = shell[(i + 1)..end].ToString();
                Append(values?.GetValueOrDefault(name) ?? random.Pick(Words.Lists[name]), text, ref random, values);
                i = end;
            }
            else
            {
                text.Append(shell[i]);
            }
        }
    }

    private static (Range Alternative, int End) Choose(ReadOnlySpan<char> shell, int open, ref RandomStream random)
    {
        List<Range> alternatives = [];
        var (depth, start) = (0, open + 1);
        for (var i = open; ; i++)
        {
            depth += shell[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if ((depth == 1 && shell[i] == '|') || depth == 0)
            {
                alternatives.Add(start..i);
                start = i + 1;
            }

            if (depth == 0)
            {
                return (random.Pick(alternatives), i);
            }
        }
    }
}
