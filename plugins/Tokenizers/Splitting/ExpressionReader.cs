using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>Reads an expression from left to right: keeps the position, and reads sets of characters.</summary>
/// <param name="source">The expression.</param>
internal sealed class ExpressionReader(string source)
{
    /// <summary>The current position.</summary>
    public int At { get; set; }

    /// <summary>The rest of the expression.</summary>
    public ReadOnlySpan<char> Rest => source.AsSpan(At);

    /// <summary>Makes an error at the current position.</summary>
    public InvalidDataException Problem(string what) => new($"the expression {source} cannot be used: at character {At + 1}, {what}");

    /// <summary>Matches an expression at the current position.</summary>
    public Match Match(string beginning) => Regex.Match(source[At..], "^" + beginning, RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);

    /// <summary>Reads a class in brackets.</summary>
    /// <param name="bothCases">Whether a letter matches both its cases.</param>
    public CodePointSet Class(bool bothCases)
    {
        var start = At++;
        var isNegated = Take('^');
        List<CodePointSet> sets = [];
        while (At < source.Length && (source[At] != ']' || sets.Count == 0))
        {
            if (source[At] == '[' || source.AsSpan(At).StartsWith("&&"))
            {
                throw Problem("classes within classes are not supported");
            }

            var from = At;
            var set = Single();
            if (At + 1 < source.Length && source[At] == '-' && source[At + 1] != ']')
            {
                At++;
                var upper = Single();
                if (set.Only is not { } first || upper.Only is not { } last || first > last)
                {
                    At = from;
                    throw Problem("the range is empty");
                }

                set = CodePointSet.Range(first, last);
            }

            sets.Add(set);
        }

        if (!Take(']'))
        {
            At = start;
            throw Problem("the class is not closed");
        }

        var all = CodePointSet.Union(sets);
        all = bothCases ? all.WithBothCases() : all;
        return isNegated ? all.Complement() : all;
    }

    /// <summary>Reads one character, or an escape for a character or a set.</summary>
    public CodePointSet Single()
    {
        if (source[At] != '\\')
        {
            Rune.DecodeFromUtf16(source.AsSpan(At), out var rune, out var width);
            At += width;
            return CodePointSet.Range(rune.Value, rune.Value);
        }

        if (At + 1 == source.Length)
        {
            throw Problem("nothing follows the backslash");
        }

        var escape = source[At + 1];
        if (escape is 'p' or 'P')
        {
            return Category(escape == 'P');
        }

        if (escape is 'x' or 'u')
        {
            return Code();
        }

        CodePointSet? set = escape switch
        {
            's' => CategorySets.White,
            'S' => CategorySets.White.Complement(),
            'd' => CategorySets.Digits,
            'D' => CategorySets.Digits.Complement(),
            'w' => CategorySets.Word,
            'W' => CategorySets.Word.Complement(),
            'r' => CodePointSet.Range('\r', '\r'),
            'n' => CodePointSet.Range('\n', '\n'),
            't' => CodePointSet.Range('\t', '\t'),
            'f' => CodePointSet.Range('\f', '\f'),
            'v' => CodePointSet.Range('\v', '\v'),
            _ => char.IsAsciiLetterOrDigit(escape) ? null : CodePointSet.Range(escape, escape),
        };
        if (set is null)
        {
            throw Problem($"the escape \\{escape} is not supported");
        }

        At += 2;
        return set;
    }

    private CodePointSet Category(bool isNegated)
    {
        var match = Match(@"\\[pP](\{(?<not>\^?)(?<name>\w+)\}|(?<name>\w))");
        if (CategorySets.Named(match.Groups["name"].Value) is not { } set)
        {
            throw Problem("only general categories such as \\p{L} and \\p{Lu} are supported");
        }

        At += match.Length;
        return isNegated != (match.Groups["not"].Length > 0) ? set.Complement() : set;
    }

    private CodePointSet Code()
    {
        var match = Match(@"\\(x\{(?<code>[0-9a-fA-F]{1,6})\}|x(?<code>[0-9a-fA-F]{2})|u\{(?<code>[0-9a-fA-F]{1,6})\}|u(?<code>[0-9a-fA-F]{4}))");
        if (!int.TryParse(match.Groups["code"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
        {
            throw Problem("this is not a code point");
        }

        At += match.Length;
        return CodePointSet.Range(code, code);
    }

    /// <summary>Reads a character if it is next; false if it is not.</summary>
    public bool Take(char c)
    {
        var isThere = At < source.Length && source[At] == c;
        At += isThere ? 1 : 0;
        return isThere;
    }
}
