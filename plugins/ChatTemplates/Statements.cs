namespace Experiments.Plugins.ChatTemplates;

/// <summary>A part of a template that is run in order.</summary>
/// <param name="At">Position of its first character in the template, for errors.</param>
internal abstract record Statement(int At);

/// <summary>The template's own text.</summary>
internal sealed record Data(int At, MarkedText Text) : Statement(At);

/// <summary><c>{{ value }}</c>.</summary>
internal sealed record Print(int At, Expression Value) : Statement(At);

/// <summary><c>{% if %}</c> with its branches. The test of <c>else</c> is null.</summary>
internal sealed record If(int At, IReadOnlyList<(Expression? Test, IReadOnlyList<Statement> Body)> Branches) : Statement(At);

/// <summary>
/// <c>{% for targets in items if filter %}</c>. <paramref name="Otherwise"/> runs if there are no items.
/// </summary>
internal sealed record For(int At, Target Target, Expression Items, Expression? Filter, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Otherwise) : Statement(At);

/// <summary><c>{% set target = value %}</c>.</summary>
internal sealed record Set(int At, Target Target, Expression Value) : Statement(At);

/// <summary><c>{% set target | filters %} ... {% endset %}</c>.</summary>
internal sealed record SetBlock(int At, Target Target, IReadOnlyList<Filtered> Filters, IReadOnlyList<Statement> Body) : Statement(At);

/// <summary><c>{% macro name(parameters) %}</c>. A parameter without a default is required.</summary>
internal sealed record Macro(int At, string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body) : Statement(At);

/// <summary>
/// A body that is run unchanged: <c>{% generation %}</c>, with which transformers marks the assistant's text.
/// </summary>
internal sealed record Block(int At, IReadOnlyList<Statement> Body) : Statement(At);

/// <summary><c>{% break %}</c> or <c>{% continue %}</c>.</summary>
internal sealed record Jump(int At, bool Ends) : Statement(At);

/// <summary>
/// The target of an assignment: a name, several names into which the value is unpacked, or an attribute of a namespace.
/// </summary>
internal sealed record Target(IReadOnlyList<string> Names, string? Attribute);
