namespace Experiments.Plugins.ChatTemplates;

/// <summary>A part of a template that has a value.</summary>
/// <param name="At">Position of its first character in the template, for errors.</param>
internal abstract record Expression(int At);

/// <summary>A text, a number, true, false or none.</summary>
internal sealed record Literal(int At, object? Value) : Expression(At);

/// <summary>A variable.</summary>
internal sealed record Variable(int At, string Name) : Expression(At);

/// <summary>A list or tuple.</summary>
internal sealed record ListOf(int At, IReadOnlyList<Expression> Items) : Expression(At);

/// <summary>A dictionary.</summary>
internal sealed record MapOf(int At, IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression(At);

/// <summary><c>x.name</c>.</summary>
internal sealed record Member(int At, Expression Of, string Name) : Expression(At);

/// <summary><c>x[index]</c>.</summary>
internal sealed record Item(int At, Expression Of, Expression Index) : Expression(At);

/// <summary><c>x[start:end:step]</c>.</summary>
internal sealed record Slice(int At, Expression Of, Expression? Start, Expression? End, Expression? Step) : Expression(At);

/// <summary><c>x(...)</c>.</summary>
internal sealed record Call(int At, Expression Of, Arguments Arguments) : Expression(At);

/// <summary><c>x | name(...)</c>.</summary>
internal sealed record Filtered(int At, Expression Of, string Name, Arguments Arguments) : Expression(At);

/// <summary><c>x is name(...)</c>, or <c>is not</c>.</summary>
internal sealed record Tested(int At, Expression Of, string Name, Arguments Arguments, bool IsNot) : Expression(At);

/// <summary><c>not</c>, <c>-</c> or <c>+</c> before a value.</summary>
internal sealed record Unary(int At, string Operator, Expression Of) : Expression(At);

/// <summary>Two values with an operator between them, which may be <c>and</c> or <c>or</c>.</summary>
internal sealed record Binary(int At, string Operator, Expression Left, Expression Right) : Expression(At);

/// <summary>Comparisons in a row: <c>a &lt; b &lt;= c</c>.</summary>
internal sealed record Comparison(int At, Expression First, IReadOnlyList<(string Operator, Expression Value)> Rest) : Expression(At);

/// <summary><c>then if test else otherwise</c>.</summary>
internal sealed record Choice(int At, Expression Test, Expression Then, Expression? Otherwise) : Expression(At);

/// <summary>The arguments of a call before their evaluation.</summary>
internal sealed record Arguments(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    /// <summary>No arguments.</summary>
    public static Arguments None { get; } = new([], []);
}
