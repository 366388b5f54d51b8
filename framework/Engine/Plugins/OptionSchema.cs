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

    /// <summary>A mapping of options.</summary>
    public JsonObject Options(IReadOnlyList<OptionDescription> options, bool isPart) => Mapping(Properties(options, isPart), Required(options, isPart));

    /// <summary>The schema of <c>use</c> for a plugin: only its name.</summary>
    public static JsonObject Use(PluginDescription plugin) => new() { ["enum"] = new JsonArray(plugin.Name), ["description"] = plugin.Summary };

    /// <summary>
    /// A reference to the definition of a nested plugin of a kind. The definition is made at the first call.
    /// </summary>
    private JsonObject Plugin(string kind, bool isPart, string? byDefault)
    {
        var name = isPart ? $"{kind}-part" : byDefault is null ? kind : $"{kind}-or-{byDefault}";
        if (!Definitions.ContainsKey(name))
        {
            Definitions[name] = null;
            Definitions[name] = Alternatives(kind, isPart, byDefault);
        }

        return RefTo(name);
    }

    private JsonObject Alternatives(string kind, bool isPart, string? byDefault)
    {
        var plugins = catalog.OfKind(kind);
        var bare = plugins.Where(plugin => isPart || !plugin.Options.Any(option => option.IsRequired)).Select(plugin => JsonValue.Create(plugin.Name));
        JsonArray schemas =
        [
            new JsonObject { ["enum"] = new JsonArray([.. bare]) },
            .. plugins.Select(plugin => Mapping(
                [new("use", Use(plugin)), .. Properties(plugin.Options, isPart)],
                [.. isPart || plugin.Name == byDefault ? [] : new[] { "use" }, .. Required(plugin.Options, isPart)])),
            new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["use"] = AnyReference }, ["required"] = new JsonArray("use") },
            AnyReference,
        ];
        return new() { [isPart ? "anyOf" : "oneOf"] = schemas };
    }

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
        ScalarShape { Kind: ScalarKind.Choice } choice => [Enum(choice.Names.Concat(choice.Names.Select(name => name.Replace('-', '_'))).Distinct()), AnyReference],
        ScalarShape => [Text(option), AnyReference],
        ListShape list => [With(new() { ["type"] = "array", ["items"] = AnyOf(Values(list.Item, option, isPart: false)) }, Lengths(option, "Items")), AnyReference],
        MapShape map => [With(new() { ["type"] = "object", ["additionalProperties"] = AnyOf(Values(map.Item, option, isPart)) }, Lengths(option, "Properties")), AnyReference],
        RecordShape record => [Options(record.Options, isPart), AnyReference],
        PluginShape plugin => [Plugin(plugin.KindName, isPart, shape == option.Shape ? option.DefaultUse : null)],
        _ => [[]],
    };

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

    private static JsonObject Enum(IEnumerable<string> names) => new() { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };
}
