using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Plugins;

/// <summary>
/// The options of plugins as JSON schema, draft 7. A scalar may be written in every form that recipes accept, and
/// <c>$(...)</c> may take the place of any value. Each kind of plugin has a definition of its own, and a second one,
/// <c>-part</c>, for pieces that are merged into another plugin: in those, <c>use</c> and the required options may be
/// missing.
/// </summary>
/// <param name="catalog">The plugins.</param>
internal sealed class OptionSchema(PluginCatalog catalog)
{
    private const string Reference = @"\$\(";
    private const string NumberPattern = @"^[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)([eE][-+]?[0-9_]+)?$";
    private const string WholePattern = @"^0x[0-9a-fA-F_]+$|^0o[0-7_]+$|" + NumberPattern;
    private const string TruthPattern = "^([Tt]rue|TRUE|[Ff]alse|FALSE)$";
    private const string DurationPattern = @"^([0-9]+\.?[0-9]*|\.[0-9]+) *(ms|s|m|h|d)$";

    /// <summary>The definitions to which the schemas made so far refer.</summary>
    public JsonObject Definitions { get; } = new() { ["reference"] = Pattern(Reference) };

    /// <summary>A text that contains <c>$(...)</c>.</summary>
    public static JsonObject AnyReference => RefTo("reference");

    /// <summary>A reference to a definition.</summary>
    public static JsonObject RefTo(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    /// <summary>One of several schemas.</summary>
    public static JsonObject AnyOf(params IEnumerable<JsonObject> schemas) => new() { ["anyOf"] = new JsonArray([.. schemas]) };

    /// <summary>A text that matches a pattern.</summary>
    public static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    /// <summary>A mapping of the given keys and no others.</summary>
    /// <param name="properties">The schemas by key.</param>
    /// <param name="required">The keys that must be present.</param>
    public static JsonObject Mapping(IEnumerable<KeyValuePair<string, JsonNode?>> properties, params IEnumerable<string> required)
    {
        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = new JsonObject(properties) };
        if (required.Any())
        {
            schema["required"] = new JsonArray([.. required.Select(key => JsonValue.Create(key))]);
        }

        return schema;
    }

    /// <summary>A mapping of options, with a title, which editors show as its type.</summary>
    public JsonObject Options(IReadOnlyList<OptionDescription> options, bool isPart, string title) =>
        Titled(title, Mapping(Properties(options, isPart), Required(options, isPart)));

    /// <summary>A schema with a title, which editors show as its type.</summary>
    public static JsonObject Titled(string title, JsonObject schema)
    {
        schema["title"] = title;
        return schema;
    }

    /// <summary>The schema of <c>use</c>: the name of one of the plugins of a kind.</summary>
    public static JsonObject Use(string kind, IEnumerable<PluginDescription> plugins)
    {
        var use = AnyOf(Names(kind, plugins), AnyReference);
        use["description"] = $"The {kind} plugin.";
        return use;
    }

    /// <summary>The names of plugins; editors show what each one does.</summary>
    private static JsonObject Names(string kind, IEnumerable<PluginDescription> plugins)
    {
        var names = Titled($"{kind} plugin", Enum(plugins.Select(plugin => plugin.Name)));
        names["enumDescriptions"] = new JsonArray([.. plugins.Select(plugin => JsonValue.Create(plugin.Summary))]);
        return names;
    }

    /// <summary>
    /// What a mapping must be if its <c>use</c> names a plugin. It is written as "this, or another plugin", because
    /// validators report the alternative that fits better, and the first one of two that fit equally badly.
    /// </summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="isDefault">Whether a missing <c>use</c> means this plugin.</param>
    /// <param name="then">The schema of the mapping.</param>
    public static JsonObject IfUsed(PluginDescription plugin, bool isDefault, JsonObject then)
    {
        var named = new JsonObject { ["properties"] = new JsonObject { ["use"] = Enum([plugin.Name]) } };
        if (!isDefault)
        {
            named["required"] = new JsonArray("use");
        }

        return AnyOf(then, new() { ["not"] = named });
    }

    /// <summary>A reference to a definition, which is made at the first call.</summary>
    public JsonObject Definition(string name, Func<JsonObject> make)
    {
        if (!Definitions.ContainsKey(name))
        {
            Definitions[name] = null;
            Definitions[name] = make();
        }

        return RefTo(name);
    }

    private JsonObject Plugin(string kind, bool isPart, string? byDefault) => Definition(
        isPart ? $"{kind}-part" : byDefault is null ? kind : $"{kind}-or-{byDefault}",
        () => Alternatives(kind, isPart, byDefault));

    private JsonObject Alternatives(string kind, bool isPart, string? byDefault)
    {
        var plugins = catalog.OfKind(kind);
        var bare = plugins.Where(plugin => isPart || !plugin.Options.Any(option => option.IsRequired));
        var mapping = Titled($"{kind} with options", new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["use"] = Use(kind, plugins) },
            ["allOf"] = new JsonArray(
            [
                .. plugins.Select(plugin => IfUsed(plugin, plugin.Name == byDefault && !isPart, Settings(plugin, isPart))),
                .. isPart ? [AnyOf([.. plugins.Select(plugin => Settings(plugin, isPart)), new() { ["required"] = new JsonArray("use") }])] : Array.Empty<JsonNode>(),
            ]),
        });
        if (!isPart && byDefault is null)
        {
            mapping["required"] = new JsonArray("use");
        }

        // A text and a mapping are checked apart from each other, so that each is told what is wrong with it alone.
        var text = AnyOf(Names(kind, bare), AnyReference, new() { ["type"] = "object" });
        return new() { ["title"] = kind, ["allOf"] = new JsonArray(text, AnyOf(mapping, new() { ["type"] = new JsonArray("array", "boolean", "null", "number", "string") })) };
    }

    private JsonObject Settings(PluginDescription plugin, bool isPart) => Definition(
        $"{plugin.Kind}-{plugin.Name}{(isPart ? "-part" : "")}",
        () => Titled($"{plugin.Kind} {plugin.Name}", Mapping([new("use", Enum([plugin.Name])), .. Properties(plugin.Options, isPart)], Required(plugin.Options, isPart))));

    private static IEnumerable<string> Required(IReadOnlyList<OptionDescription> options, bool isPart) =>
        isPart ? [] : options.Where(option => option.IsRequired).Select(option => option.Name);

    private IEnumerable<KeyValuePair<string, JsonNode?>> Properties(IReadOnlyList<OptionDescription> options, bool isPart) =>
        options.Select(option => KeyValuePair.Create<string, JsonNode?>(option.Name, Option(option, isPart)));

    private JsonObject Option(OptionDescription option, bool isPart)
    {
        var schema = new JsonObject { ["description"] = option.Summary };
        if (option.Default is { } byDefault)
        {
            schema["default"] = option.DefaultUse is null ? JsonNode.Parse(byDefault) : byDefault;
        }

        List<JsonObject> values = [.. Values(option.Shape, option, isPart)];
        schema["anyOf"] = new JsonArray([.. values, .. option.IsNullable ? [new JsonObject { ["type"] = "null" }] : Array.Empty<JsonObject>()]);
        return schema;
    }

    /// <summary>The forms in which a value may be written, one schema per form.</summary>
    /// <param name="shape">The shape of the value, or of an item of it.</param>
    /// <param name="option">The option whose rules the value must meet.</param>
    /// <param name="isPart">Whether it is merged into another one.</param>
    private IEnumerable<JsonObject> Values(ValueShape shape, OptionDescription option, bool isPart) => shape switch
    {
        ScalarShape { Kind: ScalarKind.Truth } => [new() { ["type"] = "boolean" }, Pattern($"{TruthPattern}|{Reference}")],
        ScalarShape { Kind: ScalarKind.Whole } whole => [Number("integer", option, whole.Limits), Pattern($"{WholePattern}|{Reference}")],
        ScalarShape { Kind: ScalarKind.Number } => [Number("number", option, null), Pattern($"{NumberPattern}|{Reference}")],
        ScalarShape { Kind: ScalarKind.Duration } => [Pattern($"{DurationPattern}|{Reference}")],
        ScalarShape { Kind: ScalarKind.Choice } choice => [Enum(choice.Names), Pattern(string.Join('|', [.. Underscored(choice.Names), Reference]))],
        ScalarShape => [Text(option), AnyReference],
        ListShape list => [With(new() { ["type"] = "array", ["items"] = AnyOf(Values(list.Item, option, isPart: false)) }, Lengths(option, "Items")), AnyReference],
        MapShape map => [With(new() { ["title"] = "values by name", ["type"] = "object", ["additionalProperties"] = AnyOf(Values(map.Item, option, isPart)) }, Lengths(option, "Properties")), AnyReference],
        RecordShape record => [Options(record.Options, isPart, "options"), AnyReference],
        PluginShape plugin => [Plugin(plugin.KindName, isPart, shape == option.Shape ? option.DefaultUse : null)],
        _ => [[]],
    };

    /// <summary>The second spelling of names with a hyphen. Recipes accept it, and editors do not offer it.</summary>
    private static IEnumerable<string> Underscored(IEnumerable<string> names) =>
        names.Where(name => name.Contains('-', StringComparison.Ordinal)).Select(name => $"^{name.Replace('-', '_')}$");

    private static JsonObject Number(string type, OptionDescription option, NumberLimits? limits)
    {
        var schema = new JsonObject { ["type"] = type };
        if (limits is not null)
        {
            (schema["minimum"], schema["maximum"]) = (limits.Minimum, limits.Maximum);
        }

        foreach (var rule in option.Rules)
        {
            if (rule is RangeAttribute range && !OptionRules.IsOpenBelow(range.Minimum))
            {
                schema.Remove("minimum");
                schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = OptionRules.ToDouble(range.Minimum);
            }

            if (rule is RangeAttribute bounded && !OptionRules.IsOpen(bounded.Maximum))
            {
                schema.Remove("maximum");
                schema[bounded.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = OptionRules.ToDouble(bounded.Maximum);
            }

            if (rule is AllowedValuesAttribute allowed)
            {
                var numbers = allowed.Values.OfType<object>().Select(value => JsonValue.Create(OptionRules.ToDouble(value)));
                schema["enum"] = new JsonArray([.. numbers]);
            }
        }

        return schema;
    }

    /// <summary>The schema of a text. It also accepts what YAML reads as a number or a truth value.</summary>
    private static JsonObject Text(OptionDescription option) =>
        option.Rules.OfType<AllowedValuesAttribute>().FirstOrDefault() is { } allowed ? Enum(allowed.Values.OfType<string>())
        : option.Rules.OfType<RegularExpressionAttribute>().FirstOrDefault() is { } matching ? Pattern($"^({matching.Pattern})$")
        : With(new() { ["type"] = new JsonArray("string", "number", "boolean") }, option.Shape is ScalarShape ? Lengths(option, "Length") : []);

    private static IEnumerable<(string Key, int Count)> Lengths(OptionDescription option, string what) => option.Rules.SelectMany(rule => rule switch
    {
        MinLengthAttribute length => [("min" + what, length.Length)],
        MaxLengthAttribute length => [("max" + what, length.Length)],
        LengthAttribute length => [("min" + what, length.MinimumLength), ("max" + what, length.MaximumLength)],
        StringLengthAttribute length => [("min" + what, length.MinimumLength), ("max" + what, length.MaximumLength)],
        _ => Array.Empty<(string, int)>(),
    });

    private static JsonObject With(JsonObject schema, IEnumerable<(string Key, int Count)> keywords)
    {
        foreach (var (key, count) in keywords)
        {
            schema[key] = count;
        }

        return schema;
    }

    /// <summary>One of several texts.</summary>
    public static JsonObject Enum(IEnumerable<string> names) => new() { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };
}
