using System.Text.RegularExpressions;
using Experiments.Contracts;

namespace Experiments.Engine.Plugins;

/// <summary>A metric that a plugin declares.</summary>
/// <param name="name">The name, or a pattern with a part in braces: <c>dropped/{reason}</c>.</param>
/// <param name="declaration">The declaration.</param>
/// <param name="meaning">What it measures.</param>
public sealed partial class MetricDescription(string name, MetricAttribute declaration, Lazy<string> meaning)
{
    /// <summary>The allowed names, for a message.</summary>
    internal const string Allowed = "lower_snake, perhaps with parts after a '/' and one part in braces: tokens_per_second, dropped/{reason}";

    /// <summary>The name, or a pattern with a part in braces: <c>dropped/{reason}</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The unit, or null for none.</summary>
    public string? Unit => declaration.Unit;

    /// <summary>Which values are better.</summary>
    public Better Better => declaration.Better;

    /// <summary>What it measures.</summary>
    public string Meaning => meaning.Value;

    /// <summary>The optional input without which it is not recorded, or null.</summary>
    public string? NeedsInput { get; init; } = declaration.NeedsInput;

    /// <summary>The kind of plugin that declares the names of the pattern, or null for any name.</summary>
    public string? DeclaredBy { get; init; } = declaration.DeclaredBy;

    /// <summary>The part in braces without the braces, or null.</summary>
    public string? Part => Name.Split('{', '}') is [_, var part, _] ? part : null;

    /// <summary>Its names as a regular expression, as JSON schema reads it.</summary>
    public string Expression => $"^{Name.Replace($"{{{Part}}}", ".+", StringComparison.Ordinal)}$";

    /// <summary>Whether a recorded name is this metric's.</summary>
    public bool Covers(string name) => new MetricAttribute(Name).Covers(name);

    /// <summary>The metric with a name in place of the part in braces.</summary>
    public MetricDescription Of(string part) =>
        new(Name.Replace($"{{{Part}}}", part, StringComparison.Ordinal), declaration, meaning) { NeedsInput = NeedsInput, DeclaredBy = DeclaredBy };

    /// <summary>Whether a name may be declared.</summary>
    internal static bool IsDeclarable(string name) => Declarable().IsMatch(name);

    [GeneratedRegex("^[a-z][a-z0-9_/]*(\\{[a-z][a-z0-9_]*\\}[a-z0-9_/]*)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Declarable();
}
