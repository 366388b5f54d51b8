namespace Experiments.Plugins.ChatTemplates;

/// <summary>The kinds of tokens of a template.</summary>
internal enum TokenKind
{
    /// <summary>Text outside tags.</summary>
    Data,

    /// <summary><c>{{</c>.</summary>
    PrintStart,

    /// <summary><c>}}</c>.</summary>
    PrintEnd,

    /// <summary><c>{%</c>.</summary>
    TagStart,

    /// <summary><c>%}</c>.</summary>
    TagEnd,

    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A string literal; the text is its value.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a decimal point or an exponent.</summary>
    Float,

    /// <summary>An operator or a bracket.</summary>
    Sign,

    /// <summary>The end of the template.</summary>
    End,
}

/// <summary>A token of a template.</summary>
/// <param name="Kind">Kind of the token.</param>
/// <param name="Text">The token's text, or a literal's value.</param>
/// <param name="At">Position of the token's first character.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int At)
{
    /// <summary>Whether the token is this operator or bracket.</summary>
    public bool IsSign(string sign) => Kind == TokenKind.Sign && Text == sign;

    /// <summary>Whether the token is this keyword.</summary>
    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.PrintEnd => "'}}'",
        TokenKind.TagEnd => "'%}'",
        _ => $"'{Text}'",
    };
}
