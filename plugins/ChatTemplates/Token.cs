namespace Experiments.Plugins.ChatTemplates;

/// <summary>What a token of a template is.</summary>
internal enum TokenKind
{
    /// <summary>Text outside of tags.</summary>
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

    /// <summary>A number with a point or an exponent.</summary>
    Float,

    /// <summary>An operator or a bracket.</summary>
    Sign,

    /// <summary>Behind the last.</summary>
    End,
}

/// <summary>A token of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text, or a literal's value.</param>
/// <param name="At">The character at which it begins.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int At)
{
    /// <summary>Whether it is this operator or bracket.</summary>
    public bool IsSign(string sign) => Kind == TokenKind.Sign && Text == sign;

    /// <summary>Whether it is this keyword.</summary>
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
