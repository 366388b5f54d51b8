namespace Experiments.Plugins.ChatTemplates;

/// <summary>What is done in order.</summary>
/// <param name="At">The character at which it stands, for errors.</param>
internal abstract record Statement(int At);

/// <summary>Text of the template's own.</summary>
internal sealed record Data(int At, MarkedText Text) : Statement(At);

/// <summary><c>{{ value }}</c>.</summary>
internal sealed record Print(int At, Expression Value) : Statement(At);

/// <summary><c>{% if %}</c> with its branches; a test of null is <c>else</c>.</summary>
internal sealed record If(int At, IReadOnlyList<(Expression? Test, IReadOnlyList<Statement> Body)> Branches) : Statement(At);

/// <summary><c>{% for targets in items if filter %}</c>; the other body runs when there was no item.</summary>
internal sealed record For(int At, Target Target, Expression Items, Expression? Filter, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Otherwise) : Statement(At);

/// <summary><c>{% set target = value %}</c>.</summary>
internal sealed record Set(int At, Target Target, Expression Value) : Statement(At);

/// <summary><c>{% set target | filters %} ... {% endset %}</c>.</summary>
internal sealed record SetBlock(int At, Target Target, IReadOnlyList<Filtered> Filters, IReadOnlyList<Statement> Body) : Statement(At);

/// <summary><c>{% macro name(parameters) %}</c>; a default of null is required.</summary>
internal sealed record Macro(int At, string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body) : Statement(At);

/// <summary>A body that is run as it is: <c>{% generation %}</c>, with which transformers marks what the assistant says.</summary>
internal sealed record Block(int At, IReadOnlyList<Statement> Body) : Statement(At);

/// <summary><c>{% break %}</c> or <c>{% continue %}</c>.</summary>
internal sealed record Jump(int At, bool Ends) : Statement(At);

/// <summary>What a value is given to: names, one or unpacked, or an attribute of a namespace.</summary>
internal sealed record Target(IReadOnlyList<string> Names, string? Attribute);
