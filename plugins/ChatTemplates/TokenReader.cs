namespace Experiments.Plugins.ChatTemplates;

/// <summary>Reads a template's tokens one after the other.</summary>
internal sealed class TokenReader(TemplateSource source, List<Token> tokens)
{
    private int _index;

    /// <summary>The next token.</summary>
    public Token Current => tokens[_index];

    /// <summary>The token after <see cref="Current"/>.</summary>
    public Token Following => tokens[Math.Min(_index + 1, tokens.Count - 1)];

    /// <summary>Takes the next token.</summary>
    public Token Take()
    {
        var token = Current;
        _index = Math.Min(_index + 1, tokens.Count - 1);
        return token;
    }

    /// <summary>Takes an operator or bracket if it comes next.</summary>
    public bool TakeSign(string sign)
    {
        var isNext = Current.IsSign(sign);
        _index += isNext ? 1 : 0;
        return isNext;
    }

    /// <summary>Takes a keyword if it comes next.</summary>
    public bool TakeName(string name)
    {
        var isNext = Current.IsName(name);
        _index += isNext ? 1 : 0;
        return isNext;
    }

    /// <summary>Takes an operator or bracket that must come next.</summary>
    public Token ExpectSign(string sign) => Current.IsSign(sign) ? Take() : throw Unexpected($"'{sign}'");

    /// <summary>Takes a keyword that must come next.</summary>
    public Token ExpectName(string name) => Current.IsName(name) ? Take() : throw Unexpected($"'{name}'");

    /// <summary>Takes a name of any kind.</summary>
    public Token ExpectName() => Current.Kind == TokenKind.Name ? Take() : throw Unexpected("a name");

    /// <summary>Takes a token of a kind.</summary>
    public Token Expect(TokenKind kind, string name) => Current.Kind == kind ? Take() : throw Unexpected(name);

    /// <summary>An error at the next token.</summary>
    public InvalidDataException Unexpected(string expected) => source.Error(Current.At, $"expected {expected}, but found {Current}.");

    /// <summary>An error at a place.</summary>
    public InvalidDataException Error(int at, string problem) => source.Error(at, problem);
}
