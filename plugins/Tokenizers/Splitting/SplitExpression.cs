using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>
/// Translates the regular expressions of tokenizers for .NET, so that they see characters and not UTF-16 units: every class becomes the units and
/// pairs of units that it stands for, possessive quantifiers become atomic groups, and letters under <c>(?i)</c> both their cases.
/// </summary>
/// <remarks>
/// Followed are the constructs that tokenizers use: classes with ranges and categories, groups, look-around, alternatives, greedy, lazy and
/// possessive quantifiers, <c>^ $ \b \A \z</c>. White space and case are Unicode's, as in Rust's and Oniguruma's expressions. Others are an error.
/// </remarks>
internal sealed class SplitExpression
{
    private readonly string _source;
    private readonly StringBuilder _output = new();
    private readonly Stack<bool> _outerCases = new();
    private readonly Stack<int> _groupStarts = new();
    private int _at;
    private int _atom = -1;
    private bool _bothCases;

    private SplitExpression(string source) => _source = source;

    /// <summary>Translates and compiles an expression.</summary>
    /// <exception cref="InvalidDataException">It is wrong, or holds what is not followed; the message names the place.</exception>
    public static Regex Compile(string expression)
    {
        try
        {
            return new(new SplitExpression(expression).Translate(), RegexOptions.CultureInvariant | RegexOptions.Compiled, Regex.InfiniteMatchTimeout);
        }
        catch (RegexParseException problem)
        {
            throw new InvalidDataException($"the expression {expression} does not compile: {problem.Error}", problem);
        }
    }

    private string Translate()
    {
        while (_at < _source.Length)
        {
            Next();
        }

        if (_groupStarts.Count > 0)
        {
            throw Problem("a group is not closed");
        }

        return _output.ToString();
    }

    private void Next()
    {
        var c = _source[_at];
        switch (c)
        {
            case '(':
                OpenGroup();
                break;
            case ')':
                CloseGroup();
                break;
            case '|' or '^' or '$':
                _output.Append(c);
                (_at, _atom) = (_at + 1, -1);
                break;
            case '?' or '*' or '+':
                Quantify(1);
                break;
            case '{' when Regex.Match(_source[_at..], @"^\{\d+(,\d*)?\}", RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout) is { Success: true } bounds:
                Quantify(bounds.Length);
                break;
            case '[':
                Emit(Class());
                break;
            case '.':
                _at++;
                Emit(CodePointSet.Range('\n', '\n').Complement());
                break;
            case '\\' when _at + 1 < _source.Length && _source[_at + 1] is 'b' or 'B' or 'A' or 'z':
                _output.Append(_source, _at, 2);
                (_at, _atom) = (_at + 2, -1);
                break;
            default:
                Emit(Cased(Single()));
                break;
        }
    }

    private void OpenGroup()
    {
        var match = Regex.Match(_source[_at..], @"^\((\?(?<kind>i:|i\)|-i:|:|=|!|<=|<!|>))?", RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        var kind = match.Groups["kind"].Value;
        if (!match.Groups["kind"].Success && _source.AsSpan(_at).StartsWith("(?"))
        {
            throw Problem("only the groups (?: (?i: (?= (?! (?<= (?<! (?> and (?i) are known");
        }

        _at += match.Length;
        if (kind == "i)")
        {
            (_bothCases, _atom) = (true, -1);
            return;
        }

        _outerCases.Push(_bothCases);
        _groupStarts.Push(_output.Length);
        _bothCases = kind == "i:" || (_bothCases && kind != "-i:");
        _output.Append(kind is "=" or "!" or "<=" or "<!" or ">" ? $"(?{kind}" : "(?:");
        _atom = -1;
    }

    private void CloseGroup()
    {
        if (!_groupStarts.TryPop(out _atom))
        {
            throw Problem("a ')' closes no group");
        }

        _bothCases = _outerCases.Pop();
        _output.Append(')');
        _at++;
    }

    private void Quantify(int length)
    {
        if (_atom < 0)
        {
            throw Problem("nothing stands before the quantifier");
        }

        _output.Append(_source, _at, length);
        _at += length;
        if (_at < _source.Length && _source[_at] == '+')
        {
            _output.Insert(_atom, "(?>").Append(')');
            _at++;
        }
        else if (_at < _source.Length && _source[_at] == '?')
        {
            _output.Append('?');
            _at++;
        }

        _atom = -1;
    }

    private void Emit(CodePointSet set)
    {
        _atom = _output.Length;
        _output.Append(set.ToExpression());
    }

    private CodePointSet Cased(CodePointSet set) => _bothCases ? set.WithBothCases() : set;

    private CodePointSet Class()
    {
        var start = _at++;
        var isNegated = Take('^');
        List<CodePointSet> sets = [];
        while (_at < _source.Length && (_source[_at] != ']' || sets.Count == 0))
        {
            if (_source[_at] == '[' || _source.AsSpan(_at).StartsWith("&&"))
            {
                throw Problem("classes inside classes are not known");
            }

            var from = _at;
            var set = Single();
            if (_at + 1 < _source.Length && _source[_at] == '-' && _source[_at + 1] != ']')
            {
                _at++;
                var upper = Single();
                if (set.Only is not { } first || upper.Only is not { } last || first > last)
                {
                    _at = from;
                    throw Problem("the range is none");
                }

                set = CodePointSet.Range(first, last);
            }

            sets.Add(set);
        }

        if (!Take(']'))
        {
            _at = start;
            throw Problem("the class is not closed");
        }

        var all = Cased(CodePointSet.Union(sets));
        return isNegated ? all.Complement() : all;
    }

    /// <summary>One character, or an escape that stands for one or for a set.</summary>
    private CodePointSet Single()
    {
        if (_source[_at] != '\\')
        {
            Rune.DecodeFromUtf16(_source.AsSpan(_at), out var rune, out var width);
            _at += width;
            return CodePointSet.Range(rune.Value, rune.Value);
        }

        if (_at + 1 == _source.Length)
        {
            throw Problem("nothing stands behind the backslash");
        }

        var escape = _source[_at + 1];
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
            throw Problem($"the escape \\{escape} is not known");
        }

        _at += 2;
        return set;
    }

    private CodePointSet Category(bool isNegated)
    {
        var match = Regex.Match(_source[_at..], @"^\\[pP](\{(?<not>\^?)(?<name>\w+)\}|(?<name>\w))", RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        if (CategorySets.Named(match.Groups["name"].Value) is not { } set)
        {
            throw Problem("only general categories such as \\p{L} and \\p{Lu} are known");
        }

        _at += match.Length;
        return isNegated != (match.Groups["not"].Length > 0) ? set.Complement() : set;
    }

    private CodePointSet Code()
    {
        var match = Regex.Match(_source[_at..], @"^\\(x\{(?<code>[0-9a-fA-F]{1,6})\}|x(?<code>[0-9a-fA-F]{2})|u\{(?<code>[0-9a-fA-F]{1,6})\}|u(?<code>[0-9a-fA-F]{4}))", RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        if (!int.TryParse(match.Groups["code"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
        {
            throw Problem("the code point is none");
        }

        _at += match.Length;
        return CodePointSet.Range(code, code);
    }

    private bool Take(char c)
    {
        var isThere = _at < _source.Length && _source[_at] == c;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private InvalidDataException Problem(string what) => new($"the expression {_source} cannot be followed: at character {_at + 1}, {what}");
}
