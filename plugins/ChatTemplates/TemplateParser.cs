using System.Runtime.CompilerServices;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>Parses the statements of a template.</summary>
internal sealed class TemplateParser
{
    private const string Known = "for, if, set, macro, generation, break, continue, raw";
    private readonly TokenReader _reader;
    private readonly ExpressionParser _expressions;
    private int _loops;

    private TemplateParser(TokenReader reader) => (_reader, _expressions) = (reader, new ExpressionParser(reader));

    /// <summary>Parses a template.</summary>
    /// <exception cref="InvalidDataException">
    /// The text is not a template, or uses something that is not supported; the message names file, line and column.
    /// </exception>
    public static IReadOnlyList<Statement> Read(TemplateSource source)
    {
        var reader = new TokenReader(source, TemplateLexer.Read(source));
        try
        {
            return new TemplateParser(reader).ReadBody();
        }
        catch (InsufficientExecutionStackException)
        {
            throw reader.Error(reader.Current.At, "the template is nested too deeply.");
        }
    }

    /// <summary>
    /// Reads statements up to one of the given end tags, and that tag's name. If none are given, reads up to the end of
    /// the template.
    /// </summary>
    private List<Statement> ReadBody(params string[] ends)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        List<Statement> body = [];
        while (true)
        {
            var token = _reader.Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    body.Add(new Data(token.At, token.Text));
                    break;
                case TokenKind.PrintStart:
                    body.Add(new Print(token.At, _expressions.ReadList()));
                    _reader.Expect(TokenKind.PrintEnd, "'}}'");
                    break;
                case TokenKind.TagStart when ends.Contains(_reader.Current.Text):
                    return body;
                case TokenKind.TagStart:
                    body.Add(ReadTag());
                    break;
                default:
                    return ends.Length == 0 ? body : throw _reader.Error(token.At, $"'{ends[^1]}' is missing.");
            }
        }
    }

    private Statement ReadTag()
    {
        var name = _reader.ExpectName();
        return name.Text switch
        {
            "if" => ReadIf(name.At),
            "for" => ReadFor(name.At),
            "set" => ReadSet(name.At),
            "macro" => ReadMacro(name.At),
            "generation" => new Block(name.At, ReadBlock("endgeneration")),
            "break" or "continue" when _loops > 0 => ReadJump(name),
            "break" or "continue" => throw _reader.Error(name.At, $"{name} is outside of a loop."),
            _ => throw _reader.Error(name.At, $"the tag {name} is not supported. Supported: {Known}."),
        };
    }

    private Jump ReadJump(Token name)
    {
        EndTag();
        return new(name.At, name.Text == "break");
    }

    private If ReadIf(int at)
    {
        List<(Expression?, IReadOnlyList<Statement>)> branches = [];
        while (true)
        {
            var test = _expressions.Read(withChoice: false);
            EndTag();
            branches.Add((test, ReadBody("elif", "else", "endif")));
            if (_reader.TakeName("elif"))
            {
                continue;
            }

            if (_reader.TakeName("else"))
            {
                EndTag();
                branches.Add((null, ReadBody("endif")));
            }

            _reader.ExpectName("endif");
            EndTag();
            return new(at, branches);
        }
    }

    private For ReadFor(int at)
    {
        var target = ReadNames();
        _reader.ExpectName("in");
        var items = _expressions.Read(withChoice: false);
        var filter = _reader.TakeName("if") ? _expressions.Read() : null;
        EndTag();
        _loops++;
        var body = ReadBody("else", "endfor");
        _loops--;
        List<Statement> otherwise = [];
        if (_reader.TakeName("else"))
        {
            EndTag();
            otherwise = ReadBody("endfor");
        }

        _reader.ExpectName("endfor");
        EndTag();
        return new(at, target, items, filter, body, otherwise);
    }

    private Statement ReadSet(int at)
    {
        var target = _reader.Following.IsSign(".") ? ReadAttribute() : ReadNames();
        if (_reader.TakeSign("="))
        {
            var value = _expressions.ReadList();
            EndTag();
            return new Set(at, target, value);
        }

        List<Filtered> filters = [];
        for (var value = _expressions.Values.ReadFilters(new Literal(at, null)); value is not Literal; value = ((Filtered)value).Of)
        {
            filters.Insert(0, value as Filtered ?? throw _reader.Error(value.At, "only filters may follow the name that a block is set to."));
        }

        return new SetBlock(at, target, filters, ReadBlock("endset"));
    }

    private Macro ReadMacro(int at)
    {
        var name = _reader.ExpectName().Text;
        _reader.ExpectSign("(");
        List<(string, Expression?)> parameters = [];
        while (!_reader.TakeSign(")"))
        {
            if (parameters.Count > 0)
            {
                _reader.ExpectSign(",");
            }

            parameters.Add((_reader.ExpectName().Text, _reader.TakeSign("=") ? _expressions.Read() : null));
        }

        var loops = _loops;
        _loops = 0;
        var body = ReadBlock("endmacro");
        _loops = loops;
        return new(at, name, parameters, body);
    }

    private List<Statement> ReadBlock(string end)
    {
        EndTag();
        var body = ReadBody(end);
        _reader.ExpectName(end);
        if (end == "endmacro" && _reader.Current.Kind == TokenKind.Name)
        {
            _reader.Take();
        }

        EndTag();
        return body;
    }

    private Target ReadAttribute()
    {
        var name = _reader.ExpectName().Text;
        _reader.ExpectSign(".");
        return new([name], _reader.ExpectName().Text);
    }

    private Target ReadNames()
    {
        var isBracketed = _reader.TakeSign("(");
        List<string> names = [_reader.ExpectName().Text];
        while (_reader.TakeSign(","))
        {
            names.Add(_reader.ExpectName().Text);
        }

        if (isBracketed)
        {
            _reader.ExpectSign(")");
        }

        return new(names, null);
    }

    private void EndTag() => _reader.Expect(TokenKind.TagEnd, "'%}'");
}
