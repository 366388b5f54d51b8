using System.Text;
using System.Text.RegularExpressions;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>
/// Translates the regular expressions of tokenizers to .NET's, so that they match characters instead of UTF-16 units.
/// Every class becomes an expression of units and pairs of units, possessive quantifiers become atomic groups, and
/// letters within <c>(?i)</c> become both their cases.
/// </summary>
/// <remarks>
/// It supports the constructs that tokenizers use: classes with ranges and categories, groups, look-around,
/// alternatives, greedy, lazy and possessive quantifiers, and <c>^ $ \A \z</c>, the ends of the text. White space and
/// case are Unicode's, as in Rust and Oniguruma. Other constructs are an error.
/// </remarks>
internal sealed class SplitExpression
{
    private readonly ExpressionReader _reader;
    private readonly StringBuilder _output = new();
    private readonly Stack<bool> _outerCases = new();
    private readonly Stack<int> _groupStarts = new();
    private int _atom = -1;
    private bool _bothCases;

    private SplitExpression(string source) => _reader = new(source);

    /// <summary>Translates and compiles an expression.</summary>
    /// <exception cref="InvalidDataException">
    /// The expression is wrong or not supported; the message names the place.
    /// </exception>
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
        while (!_reader.Rest.IsEmpty)
        {
            Next();
        }

        if (_groupStarts.Count > 0)
        {
            throw _reader.Problem("a group is not closed");
        }

        return _output.ToString();
    }

    private void Next()
    {
        var c = _reader.Rest[0];
        switch (c)
        {
            case '(':
                OpenGroup();
                break;
            case ')':
                CloseGroup();
                break;
            case '|' or '^':
                _output.Append(c);
                Skip(1);
                break;
            case '$':
                _output.Append(@"\z"); // .NET's $ would also match before a line feed at the end
                Skip(1);
                break;
            case '?' or '*' or '+':
                Quantify(1);
                break;
            case '{' when _reader.Match(@"\{\d+(,\d*)?\}") is { Success: true } bounds:
                Quantify(bounds.Length);
                break;
            case '[':
                Emit(_reader.Class(_bothCases));
                break;
            case '.':
                _reader.At++;
                Emit(CodePointSet.Range('\n', '\n').Complement());
                break;
            case '\\' when _reader.Rest is ['\\', 'A' or 'z', ..]:
                _output.Append(_reader.Rest[..2]);
                Skip(2);
                break;
            default:
                Emit(Cased(_reader.Single()));
                break;
        }
    }

    private void OpenGroup()
    {
        var match = _reader.Match(@"\((\?(?<kind>i:|i\)|-i:|:|=|!|<=|<!|>))?");
        var kind = match.Groups["kind"].Value;
        if (!match.Groups["kind"].Success && _reader.Rest.StartsWith("(?"))
        {
            throw _reader.Problem("only the groups (?: (?i: (?= (?! (?<= (?<! (?> and (?i) are supported");
        }

        _reader.At += match.Length;
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
            throw _reader.Problem("this ')' has no opening bracket");
        }

        _bothCases = _outerCases.Pop();
        _output.Append(')');
        _reader.At++;
    }

    private void Quantify(int length)
    {
        if (_atom < 0)
        {
            throw _reader.Problem("there is nothing before the quantifier");
        }

        _output.Append(_reader.Rest[..length]);
        _reader.At += length;
        if (_reader.Take('+'))
        {
            _output.Insert(_atom, "(?>").Append(')');
        }
        else if (_reader.Take('?'))
        {
            _output.Append('?');
        }

        _atom = -1;
    }

    private void Skip(int length) => (_reader.At, _atom) = (_reader.At + length, -1);

    private void Emit(CodePointSet set)
    {
        _atom = _output.Length;
        _output.Append(set.ToExpression());
    }

    private CodePointSet Cased(CodePointSet set) => _bothCases ? set.WithBothCases() : set;
}
