using System.Runtime.CompilerServices;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>
/// Parses expressions by Jinja's grammar. In the order of increasing precedence: <c>if</c>, or, and, not, comparisons,
/// + -, ~, * / // %, **, signs, filters and tests.
/// </summary>
internal sealed class ExpressionParser
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private readonly TokenReader _reader;

    /// <summary>Parses from the reader's position.</summary>
    public ExpressionParser(TokenReader reader) => (_reader, Values) = (reader, new ValueParser(reader, this));

    /// <summary>Parses single values.</summary>
    public ValueParser Values { get; }

    /// <summary>Parses an expression; several separated by commas become a list.</summary>
    public Expression ReadList()
    {
        var at = _reader.Current.At;
        var first = Read();
        if (!_reader.Current.IsSign(","))
        {
            return first;
        }

        List<Expression> items = [first];
        while (_reader.TakeSign(",") && _reader.Current.Kind is not (TokenKind.TagEnd or TokenKind.PrintEnd) && !_reader.Current.IsSign(")"))
        {
            items.Add(Read());
        }

        return new ListOf(at, items);
    }

    /// <summary>Parses one expression.</summary>
    public Expression Read() => Read(withChoice: true);

    /// <summary>Parses an expression.</summary>
    /// <param name="withChoice">
    /// Whether <c>if</c> belongs to the expression. After the items of a loop it does not: there it is the loop's
    /// filter.
    /// </param>
    public Expression Read(bool withChoice)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = ReadOr();
        while (withChoice && _reader.Current.IsName("if"))
        {
            var at = _reader.Take().At;
            var test = ReadOr();
            value = new Choice(at, test, value, _reader.TakeName("else") ? Read() : null);
        }

        return value;
    }

    private Expression ReadOr() => ReadLeft(ReadAnd, token => token.IsName("or"));

    private Expression ReadAnd() => ReadLeft(ReadNot, token => token.IsName("and"));

    private Expression ReadNot()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return _reader.Current.IsName("not") ? new Unary(_reader.Take().At, "not", ReadNot()) : ReadComparison();
    }

    private Expression ReadComparison()
    {
        var first = ReadSum();
        List<(string, Expression)> rest = [];
        while (true)
        {
            if (_reader.Current.Kind == TokenKind.Sign && Comparisons.Contains(_reader.Current.Text))
            {
                rest.Add((_reader.Take().Text, ReadSum()));
            }
            else if (_reader.TakeName("in"))
            {
                rest.Add(("in", ReadSum()));
            }
            else if (_reader.Current.IsName("not") && _reader.Following.IsName("in"))
            {
                _reader.Take();
                _reader.Take();
                rest.Add(("not in", ReadSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Comparison(first.At, first, rest);
            }
        }
    }

    private Expression ReadSum() => ReadLeft(ReadJoin, token => token.IsSign("+") || token.IsSign("-"));

    private Expression ReadJoin() => ReadLeft(ReadProduct, token => token.IsSign("~"));

    private Expression ReadProduct() => ReadLeft(ReadPower, token => token.IsSign("*") || token.IsSign("/") || token.IsSign("//") || token.IsSign("%"));

    private Expression ReadPower() => ReadLeft(() => ReadUnary(withFilters: true), token => token.IsSign("**"));

    private Expression ReadLeft(Func<Expression> read, Predicate<Token> isOperator)
    {
        var left = read();
        while (isOperator(_reader.Current))
        {
            var sign = _reader.Take();
            left = new Binary(sign.At, sign.Text, left, read());
        }

        return left;
    }

    private Expression ReadUnary(bool withFilters)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = _reader.Current.IsSign("-") || _reader.Current.IsSign("+")
            ? new Unary(_reader.Current.At, _reader.Take().Text, ReadUnary(withFilters: false))
            : Values.Read();
        return withFilters ? Values.ReadFilters(value) : value;
    }
}
