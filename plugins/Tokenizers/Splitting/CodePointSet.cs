using System.Globalization;
using System.Text;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>A set of code points, as sorted ranges that do not touch.</summary>
internal sealed class CodePointSet
{
    private const int Last = 0x10FFFF;
    private readonly List<(int First, int Last)> _ranges;

    private CodePointSet(List<(int First, int Last)> ranges) => _ranges = ranges;

    /// <summary>The only code point of the set, or null if there are several or none.</summary>
    public int? Only => _ranges is [var range] && range.First == range.Last ? range.First : null;

    /// <summary>The code points from one to another, both included.</summary>
    public static CodePointSet Range(int first, int last) => new([(first, last)]);

    /// <summary>The code points of the categories that a test accepts.</summary>
    public static CodePointSet Of(Func<UnicodeCategory, bool> isIn)
    {
        List<(int First, int Last)> ranges = [];
        for (var code = 0; code <= Last; code++)
        {
            if (!isIn(CharUnicodeInfo.GetUnicodeCategory(code)))
            {
                continue;
            }

            if (ranges is [.., var before] && before.Last == code - 1)
            {
                ranges[^1] = (before.First, code);
            }
            else
            {
                ranges.Add((code, code));
            }
        }

        return new(ranges);
    }

    /// <summary>The code points that are in at least one of the sets.</summary>
    public static CodePointSet Union(IEnumerable<CodePointSet> sets)
    {
        List<(int First, int Last)> ranges = [];
        foreach (var range in sets.SelectMany(set => set._ranges).Order())
        {
            if (ranges is [.., var before] && range.First <= before.Last + 1)
            {
                ranges[^1] = (before.First, Math.Max(before.Last, range.Last));
            }
            else
            {
                ranges.Add(range);
            }
        }

        return new(ranges);
    }

    /// <summary>The code points that are not in the set.</summary>
    public CodePointSet Complement()
    {
        List<(int First, int Last)> ranges = [];
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next)
            {
                ranges.Add((next, first - 1));
            }

            next = last + 1;
        }

        if (next <= Last)
        {
            ranges.Add((next, Last));
        }

        return new(ranges);
    }

    /// <summary>
    /// The set with both cases of its letters: each letter's simple upper and lower case. The long s and the Kelvin
    /// sign count as cases of s and k.
    /// </summary>
    public CodePointSet WithBothCases()
    {
        List<CodePointSet> sets = [this];
        foreach (var code in _ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)).Where(Rune.IsValid))
        {
            var rune = new Rune(code);
            sets.AddRange(((Rune[])[Rune.ToUpperInvariant(rune), Rune.ToLowerInvariant(rune)]).Where(other => other != rune).Select(other => Range(other.Value, other.Value)));
            sets.AddRange(code switch
            {
                's' or 'S' => [Range('ſ', 'ſ')],
                'ſ' => [Range('s', 's'), Range('S', 'S')],
                'k' or 'K' => [Range('\u212A', '\u212A')],
                '\u212A' => [Range('k', 'k'), Range('K', 'K')],
                _ => [],
            });
        }

        return Union(sets);
    }

    /// <summary>
    /// The set as an expression over UTF-16 units that matches exactly one character: a class of the basic plane, or a
    /// pair of surrogates.
    /// </summary>
    public string ToExpression()
    {
        List<string> choices = [];
        var basic = Class(_ranges.Where(range => range.First <= 0xFFFF).SelectMany(range => WithoutSurrogates(range.First, Math.Min(range.Last, 0xFFFF))));
        if (basic.Length > 0)
        {
            choices.Add(basic);
        }

        // Surrogate pairs with the same range of second units share one class of first units.
        var pairs = new SortedDictionary<int, List<(int First, int Last)>>();
        foreach (var (first, last) in _ranges.Where(range => range.Last > 0xFFFF))
        {
            for (var code = Math.Max(first, 0x10000); code <= last; code = (code | 0x3FF) + 1)
            {
                var high = 0xD800 + ((code - 0x10000) >> 10);
                if (!pairs.TryGetValue(high, out var lows))
                {
                    pairs[high] = lows = [];
                }

                lows.Add((0xDC00 + (code & 0x3FF), 0xDC00 + (Math.Min(last, code | 0x3FF) & 0x3FF)));
            }
        }

        choices.AddRange(pairs.GroupBy(pair => Class(pair.Value), pair => (pair.Key, pair.Key)).Select(group => Class(group) + group.Key));
        return choices.Count == 0 ? "(?!)" : choices.Count == 1 && basic.Length > 0 ? basic : $"(?:{string.Join('|', choices)})";
    }

    private static IEnumerable<(int First, int Last)> WithoutSurrogates(int first, int last)
    {
        if (first < 0xD800)
        {
            yield return (first, Math.Min(last, 0xD7FF));
        }

        if (last > 0xDFFF)
        {
            yield return (Math.Max(first, 0xE000), last);
        }
    }

    private static string Class(IEnumerable<(int First, int Last)> units)
    {
        var text = string.Concat(units.Select(range => range.First == range.Last ? Unit(range.First) : $"{Unit(range.First)}-{Unit(range.Last)}"));
        return text.Length == 0 ? "" : $"[{text}]";
    }

    private static string Unit(int unit) => $"\\u{unit:X4}";
}
