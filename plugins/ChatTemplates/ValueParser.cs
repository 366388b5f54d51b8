using System.Globalization;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>
/// Parses a single value of an expression: a literal, name, list, dictionary or bracketed expression, with the
/// attributes, items, calls and filters that follow it.
/// </summary>
internal sealed class ValueParser(TokenReader reader, ExpressionParser expressions)
{
    private static readonly string[] EndOfTest = ["else", "or", "and", "is", "not", "in", "if"];

    /// <summary>Parses a value with its attributes, items and calls.</summary>
    public Expression Read() => ReadPostfix(ReadPrimary());

    /// <summary>Parses the filters after a value.</summary>
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

    private Expression ReadPostfix(Expression value)
    {
        while (true)
        {
            if (reader.TakeSign("."))
            {
                var name = reader.Current.Kind == TokenKind.Integer ? reader.Take() : reader.ExpectName();
                value = name.Kind == TokenKind.Integer ? new Item(name.At, value, Number(name)) : new Member(name.At, value, name.Text);
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
        var start = reader.Current.IsSign(":") ? null : expressions.Read();
        if (start is not null && reader.TakeSign("]"))
        {
            return new Item(at, value, start);
        }

        reader.ExpectSign(":");
        var end = reader.Current.IsSign(":") || reader.Current.IsSign("]") ? null : expressions.Read();
        var step = reader.TakeSign(":") && !reader.Current.IsSign("]") ? expressions.Read() : null;
        reader.ExpectSign("]");
        return new Slice(at, value, start, end, step);
    }

    private Expression ReadTest(Expression value)
    {
        var isNot = reader.TakeName("not");
        var name = reader.ExpectName();
        var takesOne = reader.Current.Kind is TokenKind.Text or TokenKind.Integer or TokenKind.Float || reader.Current.IsSign("[") || reader.Current.IsSign("{")
            || (reader.Current.Kind == TokenKind.Name && !EndOfTest.Contains(reader.Current.Text));
        var arguments = reader.Current.IsSign("(") ? ReadArguments() : takesOne ? new Arguments([Read()], []) : Arguments.None;
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
                named.Add((name, expressions.Read()));
            }
            else if (named.Count > 0)
            {
                throw reader.Unexpected("a named argument");
            }
            else
            {
                positional.Add(expressions.Read());
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
            { Kind: TokenKind.Sign, Text: "[" } => new ListOf(token.At, ReadUntil("]", expressions.Read)),
            { Kind: TokenKind.Sign, Text: "{" } => new MapOf(token.At, ReadUntil("}", ReadEntry)),
            _ => throw reader.Error(token.At, $"expected a value, but found {token}."),
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
        : throw reader.Error(token.At, $"{token} is too large: whole numbers have 64 bits.");

    private Expression ReadParentheses(int at)
    {
        if (reader.TakeSign(")"))
        {
            return new ListOf(at, []);
        }

        var value = expressions.ReadList();
        reader.ExpectSign(")");
        return value;
    }

    private (Expression Key, Expression Value) ReadEntry()
    {
        var key = expressions.Read();
        reader.ExpectSign(":");
        return (key, expressions.Read());
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
