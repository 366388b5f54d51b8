using System.Globalization;
using System.Runtime.CompilerServices;

namespace Experiments.Plugins.Tokenizers.Chat;

/// <summary>Reads expressions by Jinja's grammar: <c>if</c> binds loosest, then or, and, not, comparisons, + -, ~, * / // %, **, signs, filters and tests.</summary>
internal sealed class ExpressionParser(TokenReader reader)
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private static readonly string[] EndOfTest = ["else", "or", "and", "is", "not", "in", "if"];

    /// <summary>Reads an expression, or several with commas as a list.</summary>
    public Expression ReadList()
    {
        var at = reader.Current.At;
        var first = Read();
        if (!reader.Current.IsSign(","))
        {
            return first;
        }

        List<Expression> items = [first];
        while (reader.TakeSign(",") && reader.Current.Kind is not (TokenKind.TagEnd or TokenKind.PrintEnd) && !reader.Current.IsSign(")"))
        {
            items.Add(Read());
        }

        return new ListOf(at, items);
    }

    /// <summary>Reads one expression.</summary>
    public Expression Read() => Read(withChoice: true);

    /// <summary>Reads an expression.</summary>
    /// <param name="withChoice">Whether <c>if</c> may follow in it: a loop's filter is no part of what is looped over.</param>
    public Expression Read(bool withChoice)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = ReadOr();
        while (withChoice && reader.Current.IsName("if"))
        {
            var at = reader.Take().At;
            var test = ReadOr();
            value = new Choice(at, test, value, reader.TakeName("else") ? Read() : null);
        }

        return value;
    }

    /// <summary>Reads filters behind a value.</summary>
    public Expression ReadFilters(Expression value)
    {
        while (true)
        {
            if (reader.TakeSign("|"))
            {
                var name = reader.ExpectName();
                value = new Filtered(name.At, value, name.Text, reader.Current.IsSign("(") ? ReadArguments() : Arguments.None);
            }
            else if (reader.TakeName("is"))
            {
                value = ReadTest(value);
            }
            else if (reader.Current.IsSign("("))
            {
                value = new Call(reader.Current.At, value, ReadArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ReadOr() => ReadLeft(ReadAnd, token => token.IsName("or"));

    private Expression ReadAnd() => ReadLeft(ReadNot, token => token.IsName("and"));

    private Expression ReadNot()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return reader.Current.IsName("not") ? new Unary(reader.Take().At, "not", ReadNot()) : ReadComparison();
    }

    private Expression ReadComparison()
    {
        var first = ReadSum();
        List<(string, Expression)> rest = [];
        while (true)
        {
            if (reader.Current.Kind == TokenKind.Sign && Comparisons.Contains(reader.Current.Text))
            {
                rest.Add((reader.Take().Text, ReadSum()));
            }
            else if (reader.TakeName("in"))
            {
                rest.Add(("in", ReadSum()));
            }
            else if (reader.Current.IsName("not") && reader.Following.IsName("in"))
            {
                reader.Take();
                reader.Take();
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
        while (isOperator(reader.Current))
        {
            var sign = reader.Take();
            left = new Binary(sign.At, sign.Text, left, read());
        }

        return left;
    }

    private Expression ReadUnary(bool withFilters)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = reader.Current.IsSign("-") || reader.Current.IsSign("+")
            ? new Unary(reader.Current.At, reader.Take().Text, ReadUnary(withFilters: false))
            : ReadPostfix(ReadPrimary());
        return withFilters ? ReadFilters(value) : value;
    }

    private Expression ReadPostfix(Expression value)
    {
        while (true)
        {
            if (reader.TakeSign("."))
            {
                var name = reader.Current.Kind == TokenKind.Integer ? reader.Take() : reader.ExpectName();
                value = name.Kind == TokenKind.Integer ? new Item(name.At, value, Number(name)) : new Attribute(name.At, value, name.Text);
            }
            else if (reader.Current.IsSign("["))
            {
                value = ReadSubscript(value, reader.Take().At);
            }
            else if (reader.Current.IsSign("("))
            {
                value = new Call(reader.Current.At, value, ReadArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ReadSubscript(Expression value, int at)
    {
        var start = reader.Current.IsSign(":") ? null : Read();
        if (start is not null && reader.TakeSign("]"))
        {
            return new Item(at, value, start);
        }

        reader.ExpectSign(":");
        var end = reader.Current.IsSign(":") || reader.Current.IsSign("]") ? null : Read();
        var step = reader.TakeSign(":") && !reader.Current.IsSign("]") ? Read() : null;
        reader.ExpectSign("]");
        return new Slice(at, value, start, end, step);
    }

    private Expression ReadTest(Expression value)
    {
        var isNot = reader.TakeName("not");
        var name = reader.ExpectName();
        var takesOne = reader.Current.Kind is TokenKind.Text or TokenKind.Integer or TokenKind.Float || reader.Current.IsSign("[") || reader.Current.IsSign("{")
            || (reader.Current.Kind == TokenKind.Name && !EndOfTest.Contains(reader.Current.Text));
        var arguments = reader.Current.IsSign("(") ? ReadArguments() : takesOne ? new Arguments([ReadPostfix(ReadPrimary())], []) : Arguments.None;
        return new Tested(name.At, value, name.Text, arguments, isNot);
    }

    private Arguments ReadArguments()
    {
        reader.ExpectSign("(");
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        while (!reader.TakeSign(")"))
        {
            if (positional.Count + named.Count > 0)
            {
                reader.ExpectSign(",");
                if (reader.TakeSign(")"))
                {
                    break;
                }
            }

            if (reader.Current.Kind == TokenKind.Name && reader.Following.IsSign("="))
            {
                var name = reader.Take().Text;
                reader.Take();
                named.Add((name, Read()));
            }
            else if (named.Count > 0)
            {
                throw reader.Unexpected("a named argument");
            }
            else
            {
                positional.Add(Read());
            }
        }

        return new(positional, named);
    }

    private Expression ReadPrimary()
    {
        var token = reader.Take();
        return token switch
        {
            { Kind: TokenKind.Name } => token.Text switch
            {
                "true" or "True" => new Literal(token.At, true),
                "false" or "False" => new Literal(token.At, false),
                "none" or "None" => new Literal(token.At, null),
                _ => new Variable(token.At, token.Text),
            },
            { Kind: TokenKind.Text } => ReadText(token),
            { Kind: TokenKind.Integer or TokenKind.Float } => Number(token),
            { Kind: TokenKind.Sign, Text: "(" } => ReadParentheses(token.At),
            { Kind: TokenKind.Sign, Text: "[" } => new ListOf(token.At, ReadUntil("]", Read)),
            { Kind: TokenKind.Sign, Text: "{" } => new MapOf(token.At, ReadUntil("}", ReadEntry)),
            _ => throw reader.Error(token.At, $"{token} stands where a value is expected."),
        };
    }

    private Literal ReadText(Token first)
    {
        var text = first.Text;
        while (reader.Current.Kind == TokenKind.Text)
        {
            text += reader.Take().Text;
        }

        return new(first.At, (MarkedText)text);
    }

    private Literal Number(Token token) =>
        token.Kind == TokenKind.Float ? new(token.At, double.Parse(token.Text, CultureInfo.InvariantCulture))
        : long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new(token.At, number)
        : throw reader.Error(token.At, $"{token} is too large; whole numbers have 64 bits.");

    private Expression ReadParentheses(int at)
    {
        if (reader.TakeSign(")"))
        {
            return new ListOf(at, []);
        }

        var value = ReadList();
        reader.ExpectSign(")");
        return value;
    }

    private (Expression Key, Expression Value) ReadEntry()
    {
        var key = Read();
        reader.ExpectSign(":");
        return (key, Read());
    }

    private List<T> ReadUntil<T>(string closing, Func<T> read)
    {
        List<T> items = [];
        while (!reader.TakeSign(closing))
        {
            if (items.Count > 0)
            {
                reader.ExpectSign(",");
                if (reader.TakeSign(closing))
                {
                    break;
                }
            }

            items.Add(read());
        }

        return items;
    }
}
