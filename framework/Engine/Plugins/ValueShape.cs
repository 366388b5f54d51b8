using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Plugins;

/// <summary>The form of an option's values.</summary>
/// <param name="Text">The form in words: <c>a whole number</c>, <c>a list (each text)</c>.</param>
public abstract record ValueShape(string Text);

/// <summary>A single value.</summary>
/// <param name="Text">The form in words.</param>
/// <param name="Kind">The kind of value.</param>
/// <param name="Parse">Parses a text; null when the text is not such a value.</param>
/// <param name="Write">Returns the canonical JSON of a value.</param>
/// <param name="Limits">For a whole number: the range of its type.</param>
public sealed record ScalarShape(
    string Text, ScalarKind Kind, Func<string, object?> Parse, Func<object, JsonNode> Write, NumberLimits? Limits = null) : ValueShape(Text)
{
    /// <summary>For a choice: the allowed names, in kebab-case.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}

/// <summary>Kinds of single values.</summary>
public enum ScalarKind
{
    /// <summary>true or false.</summary>
    Truth,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A duration.</summary>
    Duration,

    /// <summary>One of a few names.</summary>
    Choice,
}

/// <summary>The range of a type of whole numbers.</summary>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
public sealed record NumberLimits(decimal Minimum, decimal Maximum)
{
    /// <summary><c>0 to 255</c>.</summary>
    public override string ToString() => $"{Minimum} to {Maximum}";
}

/// <summary>A list.</summary>
/// <param name="Item">The shape of an item.</param>
/// <param name="Create">Makes a list of the option's type.</param>
public sealed record ListShape(ValueShape Item, Func<IReadOnlyList<object?>, object> Create) : ValueShape($"a list (each {Item.Text})");

/// <summary>A mapping with any names as keys.</summary>
/// <param name="Item">The shape of a value.</param>
/// <param name="Create">Makes a dictionary of the option's type.</param>
public sealed record MapShape(ValueShape Item, Func<IReadOnlyList<KeyValuePair<string, object?>>, object> Create)
    : ValueShape($"a mapping of names (each {Item.Text})");

/// <summary>A mapping of options.</summary>
/// <param name="Type">The options record.</param>
/// <param name="ReadOptions">Reads the options, in the order of the source code.</param>
/// <param name="Create">Makes a record with the default values.</param>
/// <param name="Copy">Copies a record.</param>
public sealed record RecordShape(
    Type Type, Func<IReadOnlyList<OptionDescription>> ReadOptions, Func<object> Create, Func<object, object> Copy) : ValueShape("a mapping of options")
{
    private readonly Lazy<IReadOnlyList<OptionDescription>> _options = new(ReadOptions);

    /// <summary>Whether the record checks itself by code of a plugin file, which only a worker runs.</summary>
    public bool HasOwnChecks { get; init; }

    /// <summary>The options, in the order of the source code.</summary>
    public IReadOnlyList<OptionDescription> Options => _options.Value;
}

/// <summary>Any value: a number, a text, a list, a mapping.</summary>
public sealed record FreeShape() : ValueShape("any value");

/// <summary>A nested plugin.</summary>
/// <param name="Kind">The interface of its kind.</param>
/// <param name="KindName">The kind's name.</param>
/// <param name="Wrap">Makes a <c>Plugin&lt;T&gt;</c> from name, canonical recipe and factory.</param>
public sealed record PluginShape(Type Kind, string KindName, Func<string, JsonElement, Func<object>, object> Wrap)
    : ValueShape(("aeiou".Contains(KindName[0]) ? "an " : "a ") + KindName);
