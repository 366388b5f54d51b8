using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Engine.Plugins;

using static Experiments.Engine.Plugins.OptionSchema;

namespace Experiments.Engine.Recipes;

/// <summary>
/// The JSON schema of recipes, draft 7, made from the plugins. Editors use it to complete, explain and check recipes.
/// It is weaker than <see cref="RecipeReader"/>: every recipe that the reader accepts fits the schema, but not the
/// other way round.
/// </summary>
public sealed class RecipeSchema
{
    private const string StageName = "^[a-z][a-z0-9-]*$";
    private const string Source = @"^file:.+|^[a-z][a-z0-9-]*(\.[a-z0-9_]+)?$|\$\(";
    private const string Condition = @"^\s*(<=|>=|==|<|>)\s*[-+.0-9]|^\s*[-+.0-9][^ ]*\s*\.\.\s*[-+.0-9]|\$\(";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly PluginCatalog _catalog;
    private readonly OptionSchema _options;

    private RecipeSchema(PluginCatalog catalog) => (_catalog, _options) = (catalog, new(catalog));

    /// <summary>The schema as JSON text; the same plugins give the same text.</summary>
    public static string Write(PluginCatalog catalog) => new RecipeSchema(catalog).Make().ToJsonString(Indented) + "\n";

    private JsonObject Make()
    {
        var (stages, parts) = (Stages(isPart: false), Stages(isPart: true));
        var profile = Mapping(
        [
            Key("name", "The recipe's name under this profile.", Name()), Key("seed", "The seed under this profile.", Seed()), Key("vars", "Variables that it changes.", Variables()),
            Key("plugins", "Plugins in place of the recipe's.", AnyOf(Paths(), AnyReference)), Key("tracking", "Where metrics are sent under this profile.", Tracking()),
            Key("stages", "Pieces of stages that it changes.", RefTo("stages-part")),
            Key("sweep", "What lab sweep tries under this profile.", AnyOf(_options.Options(Sweep, isPart: true, "sweep"), AnyReference, Null())),
        ]);
        var recipe = Mapping(
        [
            Key("name", "The recipe's name, which also names the folder of its runs. Default: the file's name.", Name()),
            Key("extends", "A recipe, or several, that this one extends; paths are relative to this file.", AnyOf(Path(), Paths())),
            Key("plugins", "C# files or assemblies with your own plugins; paths are relative to this file.", AnyOf(Paths(), AnyReference)),
            Key("seed", "The seed of all randomness. Default: 1.", Seed()),
            Key("vars", "Values for $(vars.NAME).", Variables()),
            Key("tracking", "Where metrics are sent.", Tracking()),
            Key("stages", "The stages by name; their inputs define the graph.", RefTo("stages-part")),
            Key("profiles", "Pieces of a recipe by name; --profile NAME applies one to the recipe.", AnyOf(Titled("profiles", new() { ["type"] = "object", ["additionalProperties"] = Titled("profile", profile) }), Null())),
            Key("secrets", "Environment variables whose values must not be shown, in addition to those whose names look secret.", AnyOf(Paths(), AnyReference)),
            Key("sweep", "What lab sweep tries: one run for each point of a space and each seed.", AnyOf(_options.Options(Sweep, isPart: true, "sweep"), AnyReference, Null())),
        ]);
        recipe["anyOf"] = new JsonArray(
            new JsonObject { ["properties"] = new JsonObject { ["stages"] = RefTo("stages") }, ["required"] = new JsonArray("stages") },
            new JsonObject { ["required"] = new JsonArray("extends") }); // without properties: editors report the first alternative if none fits
        var schema = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = "recipe" };
        foreach (var (key, value) in recipe.ToList())
        {
            recipe.Remove(key);
            schema[key] = value;
        }

        _options.Definitions["stages"] = stages;
        _options.Definitions["stages-part"] = parts;
        _options.Definitions["run"] = _options.Options(_catalog.ShapeOf(typeof(RunSettings)).Options, isPart: true, "run settings");
        _options.Definitions["condition"] = Pattern(Condition);
        _options.Definitions["foreach"] = AnyOf(new JsonObject { ["title"] = "values by name", ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = Values() }, AnyReference, Null());
        schema["definitions"] = new JsonObject(_options.Definitions.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));
        return schema;
    }

    private IReadOnlyList<OptionDescription> Sweep => _catalog.ShapeOf(typeof(SweepSettings)).Options;

    private JsonObject Stages(bool isPart)
    {
        var stage = Stage(isPart);
        return AnyOf(
            Titled("stages", new() { ["type"] = "object", ["additionalProperties"] = false, ["patternProperties"] = new JsonObject { [StageName] = stage } }), AnyReference);
    }

    /// <summary>
    /// A stage. What its plugin asks for is added by plugin, so that an editor reports a missing <c>use</c> as that and
    /// completes the options of the plugin that is used.
    /// </summary>
    private JsonObject Stage(bool isPart)
    {
        var plugins = _catalog.OfKind("stage");
        var stage = Titled("stage", Mapping(
        [
            new("use", Use("stage", plugins)),
            Key("foreach", "Makes one stage per value: { NAME: [VALUE, ...] }; $(each.NAME) is the value.", RefTo("foreach")),
            Key("inputs", "What it reads: stages, their parts, and files.", Free("inputs")),
            Key("with", "Its options. They determine the output and are part of the key.", Free("options")),
            Key("run", "How it is executed. Never part of a key.", AnyOf(RefTo("run"), AnyReference, Null())),
            Key("expect", "Conditions on its metrics. If one does not hold, the stages that read this one do not run.", AnyOf(Titled("gates", new() { ["type"] = "object", ["additionalProperties"] = RefTo("condition") }), AnyReference, Null())),
        ], isPart ? [] : ["use"]));
        stage["allOf"] = new JsonArray(
        [
            .. plugins.Select(plugin => IfUsed(plugin, isDefault: false, OfPlugin(plugin, isPart))),
            .. isPart ? [AnyOf(OptionsOfSome(plugins), new() { ["required"] = new JsonArray("use") })] : Array.Empty<JsonNode>(),
        ]);
        return AnyOf(stage, AnyReference);
    }

    /// <summary>A piece of a stage that is merged into one of an unknown plugin: its options must be those of some plugin.</summary>
    private JsonObject OptionsOfSome(IEnumerable<PluginDescription> plugins) => new()
    {
        ["not"] = new JsonObject { ["required"] = new JsonArray("use") },
        ["properties"] = new JsonObject { ["with"] = AnyOf([.. plugins.Select(plugin => With(plugin, isPart: true)), AnyReference, Null()]) },
    };

    /// <summary>What a plugin asks of a stage that uses it.</summary>
    private JsonObject OfPlugin(PluginDescription plugin, bool isPart) => _options.Definition($"stage-{plugin.Name}{(isPart ? "-part" : "")}", () =>
    {
        var optional = plugin.Inputs.All(input => input.IsOptional);
        var inputs = Titled($"inputs of {plugin.Name}", Mapping(
            plugin.Inputs.Select(input => KeyValuePair.Create<string, JsonNode?>(input.Name, Input(input))),
            isPart ? [] : plugin.Inputs.Where(input => !input.IsOptional).Select(input => input.Name)));
        var asked = new JsonObject
        {
            ["title"] = $"stage {plugin.Name}",
            ["properties"] = new JsonObject
            {
                ["use"] = Enum([plugin.Name]),
                ["inputs"] = AnyOf([inputs, AnyReference, .. optional || isPart ? [Null()] : Array.Empty<JsonObject>()]),
                ["with"] = AnyOf([With(plugin, isPart), AnyReference, .. isPart || !plugin.Options.Any(option => option.IsRequired) ? [Null()] : Array.Empty<JsonObject>()]),
                ["expect"] = AnyOf(Gates(plugin), AnyReference, Null()),
            },
        };
        string[] required = isPart ? [] : [.. optional ? [] : new[] { "inputs" }, .. plugin.Options.Any(option => option.IsRequired) ? ["with"] : Array.Empty<string>()];
        if (required.Length > 0)
        {
            asked["required"] = new JsonArray([.. required.Select(key => JsonValue.Create(key))]);
        }

        return asked;
    });

    private JsonObject With(PluginDescription plugin, bool isPart) =>
        _options.Definition($"with-{plugin.Name}{(isPart ? "-part" : "")}", () => _options.Options(plugin.Options, isPart, $"options of {plugin.Name}"));

    private static JsonObject Free(string title) => AnyOf(Titled(title, new() { ["type"] = "object" }), AnyReference, Null());

    /// <summary>
    /// The gates of a stage: its own metrics by name. A plugin in its options may declare more of them, if they fit one
    /// of its patterns.
    /// </summary>
    private static JsonObject Gates(PluginDescription plugin)
    {
        JsonObject names = [], patterns = [];
        foreach (var metric in plugin.Metrics)
        {
            var gate = AnyOf(RefTo("condition"));
            gate["description"] = metric.Unit is null ? metric.Meaning : $"{metric.Meaning} Unit: {metric.Unit}.";
            (metric.Part is null ? names : patterns)[metric.Part is null ? metric.Name : metric.Expression] = gate;
        }

        var gates = new JsonObject { ["title"] = $"gates of {plugin.Name}", ["type"] = "object", ["properties"] = names, ["patternProperties"] = patterns };
        gates["additionalProperties"] = plugin.DeclaresNothing ? RefTo("condition") : false;
        return gates;
    }

    private static JsonObject Input(InputDescription input)
    {
        var source = Pattern(Source);
        var many = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Pattern(Source) };
        var named = new JsonObject { ["title"] = "sources by name", ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = Pattern(Source) };
        var forms = input.Cardinality switch { InputCardinality.List => [source, many], InputCardinality.Map => [named, source], _ => new[] { source } };
        var schema = AnyOf([.. forms, .. input.IsOptional ? [Null()] : Array.Empty<JsonObject>()]);
        schema["description"] = (input.ArtifactType == typeof(Artifact) ? "Any artifact" : input.ArtifactType.Name) + input.Cardinality switch
        {
            InputCardinality.List => ", one or more.",
            InputCardinality.Map => ", under names of your choice.",
            _ => ".",
        };
        return schema;
    }

    private JsonObject Tracking() => AnyOf(_options.Options(_catalog.ShapeOf(typeof(TrackingSettings)).Options, isPart: true, "tracking"), AnyReference, Null());

    private static KeyValuePair<string, JsonNode?> Key(string key, string description, JsonObject schema)
    {
        schema = schema.ContainsKey("$ref") ? AnyOf(schema) : schema;
        schema["description"] = description;
        return new(key, schema);
    }

    private static JsonObject Name() => new() { ["type"] = new JsonArray("string", "number"), ["pattern"] = @"^[A-Za-z0-9][A-Za-z0-9._-]*$|\$\(" };

    private static JsonObject Seed() => AnyOf(new JsonObject { ["type"] = "integer", ["minimum"] = 0 }, Pattern(@"^[0-9][0-9_]*$|^0x[0-9a-fA-F_]+$|^0o[0-7_]+$|\$\("));

    private static JsonObject Variables() => new() { ["type"] = new JsonArray("object", "null") };

    private static JsonObject Path() => new() { ["type"] = "string", ["minLength"] = 1 };

    private static JsonObject Paths() => new() { ["type"] = "array", ["items"] = Path() };

    private static JsonObject Values() => AnyOf(
        new JsonObject { ["type"] = "array", ["minItems"] = 1 }, new JsonObject { ["type"] = "object", ["minProperties"] = 1 }, Pattern(@"^file:|\$\("));

    private static JsonObject Null() => new() { ["type"] = "null" };
}
