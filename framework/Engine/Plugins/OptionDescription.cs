using System.ComponentModel.DataAnnotations;

namespace Experiments.Engine.Plugins;

/// <summary>One option of a plugin.</summary>
public sealed class OptionDescription
{
    private readonly Lazy<string> _summary;
    private readonly Lazy<string?> _default;
    private readonly Lazy<bool> _isNullable;

    internal OptionDescription(Func<string> summary, Func<string?> byDefault, Func<bool> isNullable, Func<object, object?> get, Action<object, object?> set) =>
        (_summary, _default, _isNullable, Get, Set) = (new(summary), new(byDefault), new(isNullable), get, set);

    /// <summary>The key in recipes, snake_case.</summary>
    public required string Name { get; init; }

    /// <summary>The form of its values.</summary>
    public required ValueShape Shape { get; init; }

    /// <summary>The form of its values in words: <c>a whole number</c>.</summary>
    public string Type => Shape.Text;

    /// <summary>The bounds in words, such as <c>0 to 1</c>, or null when there are none.</summary>
    public string? Allowed => OptionRules.Allowed(this);

    /// <summary>The default as canonical JSON, or a nested plugin's name; null when there is no default.</summary>
    public string? Default => _default.Value;

    /// <summary>What the option means.</summary>
    public string Summary => _summary.Value;

    /// <summary>Whether it must be given.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>Whether it may be null, which means off or not given.</summary>
    public bool IsNullable => _isNullable.Value;

    /// <summary>Whether it cannot change the output and therefore is not part of the key.</summary>
    public required bool IsRuntimeOnly { get; init; }

    /// <summary>Whether it names files, whose bytes are part of the key.</summary>
    public bool IsInputFile { get; init; }

    /// <summary>The input whose stages must record the metric that it names; null if it names none.</summary>
    public string? MetricOf { get; init; }

    /// <summary>The plugin to use when the recipe names none, or null.</summary>
    public string? DefaultUse { get; init; }

    /// <summary>
    /// For an option that was added after the first release: a list with the one value at which it is not part of the
    /// key. Otherwise empty.
    /// </summary>
    internal IReadOnlyList<object?> NeutralValue { get; init; } = [];

    /// <summary>Whether it has rules that are code of a plugin file, which only a worker runs.</summary>
    public bool HasOwnChecks { get; init; }

    /// <summary>The rules that its value must meet.</summary>
    internal IReadOnlyList<ValidationAttribute> Rules { get; init; } = [];

    /// <summary>Reads it from an options record.</summary>
    internal Func<object, object?> Get { get; }

    /// <summary>Writes it into an options record.</summary>
    internal Action<object, object?> Set { get; }
}
