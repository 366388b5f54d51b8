using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Binds the stages of a recipe, links them by their inputs and orders them.</summary>
internal sealed class StageReader(PluginCatalog catalog, OptionsBinder binder, StageGroups groups, RecipeProblems problems, FilePatterns files)
{
    private static readonly string[] Keys = ["use", "foreach", "inputs", "with", "run", "expect"];

    /// <summary>Binds all stages.</summary>
    /// <returns>The stages in order of execution, and all stages as canonical JSON and as nodes. Do not use the result
    /// when there were problems.</returns>
    public (IReadOnlyList<BoundStage> Stages, JsonObject Resolved, MappingNode Written) Read(RecipeNode? node, SourceLocation recipe)
    {
        if (node is not MappingNode { Entries.Count: > 0 } stages)
        {
            if (node is not BrokenNode)
            {
                problems.Add(node?.Location ?? recipe, "a recipe needs at least one stage: 'stages' wants a mapping of stage names to { use: NAME, inputs: ..., with: ... }.");
            }

            return ([], [], new(recipe, []));
        }

        if (stages.Entries.Count > RecipeLimits.Stages)
        {
            problems.Add(stages.Location, $"the recipe has {stages.Entries.Count:N0} stages; {RecipeLimits.Stages:N0} are the most. Split it into several recipes.");
            return ([], [], new(recipe, []));
        }

        var plugins = stages.Entries.ToDictionary(entry => entry.Key, FindPlugin);
        var inputs = new InputReader(plugins, groups, problems, files);
        List<BoundStage> bound = [];
        List<MappingEntry> written = [];
        JsonObject resolved = [];
        foreach (var entry in stages.Entries.Where(entry => entry.Value is MappingNode))
        {
            var spread = plugins[entry.Key] is { } plugin ? inputs.Spread((MappingNode)entry.Value, plugin) : (MappingNode)entry.Value;
            written.Add(entry with { Value = spread });
            if (Bind(entry, spread, plugins[entry.Key], inputs) is var (stage, json))
            {
                bound.Add(stage);
                resolved[stage.Name] = json;
            }
        }

        CheckMetricOptions(bound, stages);
        return (StageOrder.Sort(stages, inputs.Edges, bound, problems), CanonicalJson.Object(Detached(resolved)), stages with { Entries = written });
    }

    /// <summary>
    /// The beginning of messages about a stage. All instances of a stage share it, so that a shared mistake is reported
    /// once.
    /// </summary>
    private string Subject(string stage) => $"stage '{groups.Written(stage)}'";

    /// <summary>Checks a stage's shape and finds its plugin; null after a problem, which is reported.</summary>
    private PluginDescription? FindPlugin(MappingEntry entry)
    {
        var subject = Subject(entry.Key);
        if (!char.IsAsciiLetterLower(entry.Key.FirstOrDefault())
            || !entry.Key.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
        {
            problems.Add(entry.Location, $"{subject}: a stage's name is kebab-case: lower-case letters, digits and '-', a letter first.");
        }

        if (entry.Value is not MappingNode stage)
        {
            if (entry.Value is not BrokenNode)
            {
                problems.Add(entry.Value.Location, $"{subject} wants a mapping with the keys {string.Join(", ", Keys)}, not {entry.Value.Describe()}.");
            }

            return null;
        }

        foreach (var key in stage.Entries.Where(key => !Keys.Contains(key.Key)))
        {
            problems.Add(key.Location, $"{subject}: {Suggestion.No("stage key", key.Key, "keys", Keys)}");
        }

        var known = catalog.OfKind("stage").Select(plugin => plugin.Name);
        switch (stage["use"])
        {
            case BrokenNode:
                return null;
            case ScalarNode { IsNull: false } name:
                if (catalog.Find("stage", name.Text) is { } plugin)
                {
                    return plugin;
                }

                if (!catalog.IsPartial)
                {
                    problems.Add(name.Location, $"{subject}: {Suggestion.No("stage plugin", name.Text, "stage plugins", known)}");
                }

                return null;
            case null:
                problems.Add(entry.Location, $"{subject}: 'use' is missing. Stage plugins: {string.Join(", ", known)}.");
                return null;
            case var other:
                problems.Add(other.Location, $"{subject}: 'use' wants the name of a stage plugin, not {other.Describe()}. Stage plugins: {string.Join(", ", known)}.");
                return null;
        }
    }

    private (BoundStage Stage, JsonObject Json)? Bind(MappingEntry entry, MappingNode stage, PluginDescription? plugin, InputReader inputs)
    {
        var subject = Subject(entry.Key);
        var (run, runJson) = binder.BindRecord<RunSettings>(stage["run"], stage.Location, $"{subject}, run");
        if (run.Parallel > 1 && plugin is { IsSharded: false })
        {
            var sharded = catalog.OfKind("stage").Where(each => each.IsSharded).Select(each => each.Name);
            problems.Add(
                stage["run"]!.Location,
                $"{subject}, run: '{plugin.Name}' does not work in shards, so 'parallel' cannot be more than 1. Stages that do: {string.Join(", ", sharded)}.");
        }

        var expectations = ReadExpectations(stage["expect"], subject);
        var with = Mapping(stage["with"], stage.Location, $"{subject}: 'with' wants a mapping of options");
        var written = Mapping(stage["inputs"], stage.Location, $"{subject}: 'inputs' wants a mapping of input names to sources");
        if (plugin is null)
        {
            inputs.ReadEdges(entry.Key, subject, written);
            return null;
        }

        var options = with is null ? null : binder.Bind(plugin, with, subject);
        var sources = inputs.Read(entry, subject, plugin, written);
        if (options is null)
        {
            return null;
        }

        BoundStage bound = new()
        {
            Name = entry.Key,
            Group = groups.Of(entry.Key),
            Plugin = plugin,
            Plugins = NestedPlugins.Of(catalog, plugin, options.Full),
            Options = options.Value,
            Identity = problems.Secrets.Hide(options.Identity),
            Full = problems.Secrets.Hide(options.Full),
            Secret = Secret(options),
            Inputs = sources,
            Run = run,
            Expectations = expectations,
            Location = entry.Location,
        };
        foreach (var gate in stage["expect"] is MappingNode expect ? expect.Entries : [])
        {
            if (MetricCheck.Problem(bound, gate.Key) is { } problem)
            {
                problems.Add(gate.Location, $"{subject}, expect: {problem}");
            }
        }

        return (bound, ToJson(bound, runJson));
    }

    private SecretOptions? Secret(BoundOptions options) =>
        !problems.Secrets.IsEmpty && CanonicalJson.Text(problems.Secrets.Hide(options.Full)) != CanonicalJson.Text(options.Full)
            ? new(options.Identity, (JsonObject)problems.Secrets.Refer(options.Full)!)
            : null;

    private MappingNode? Mapping(RecipeNode? node, SourceLocation place, string wants)
    {
        if (node is not (null or MappingNode or BrokenNode or ScalarNode { IsNull: true }))
        {
            problems.Add(node.Location, $"{wants}, not {node.Describe()}.");
        }

        return node as MappingNode ?? (node is null or ScalarNode { IsNull: true } ? new MappingNode(place, []) : null);
    }

    private List<Expectation> ReadExpectations(RecipeNode? node, string subject)
    {
        List<Expectation> expectations = [];
        var written = Mapping(node, default, $"{subject}: 'expect' wants a mapping of metric names to conditions");
        foreach (var entry in written?.Entries ?? [])
        {
            if (entry.Value is ScalarNode text && Expectation.IsValid(text.Text))
            {
                expectations.Add(new(entry.Key, text.Text, entry.Value.Location));
            }
            else if (entry.Value is not BrokenNode)
            {
                problems.Add(entry.Value.Location, $"{subject}: metric '{entry.Key}' wants {Expectation.Allowed}, not {entry.Value.Describe()}.");
            }
        }

        return expectations;
    }

    /// <summary>Checks the options that name a metric of another stage.</summary>
    private void CheckMetricOptions(IReadOnlyList<BoundStage> bound, MappingNode stages)
    {
        var named = from stage in bound
                    from option in stage.Plugin.Options
                    where option.MetricOf is not null && stage.Full[option.Name] is not null
                    from input in stage.Inputs
                    where input.Name == option.MetricOf
                    from source in input.Sources.OfType<StageOutput>()
                    join maker in bound on source.Stage equals maker.Name
                    select (stage, option, maker);
        foreach (var (stage, option, maker) in named)
        {
            if (MetricCheck.Problem(maker, (string)stage.Full[option.Name]!) is { } problem)
            {
                var place = ((stages[stage.Name] as MappingNode)?["with"] as MappingNode)?[option.Name]?.Location ?? stage.Location;
                problems.Add(place, $"{Subject(stage.Name)}, option '{option.Name}', stage '{maker.Name}': {problem}");
            }
        }
    }

    private static JsonObject ToJson(BoundStage stage, JsonObject run) => CanonicalJson.Object(
        KeyValuePair.Create<string, JsonNode?>("use", stage.Plugin.Name),
        KeyValuePair.Create<string, JsonNode?>("inputs", CanonicalJson.Object(stage.Inputs.Select(input => KeyValuePair.Create(input.Name, ToJson(input))))),
        KeyValuePair.Create<string, JsonNode?>("with", CanonicalJson.Object(stage.Full.Where(option => option.Key != "use").Select(option => KeyValuePair.Create(option.Key, ReferenceSyntax.Escape(option.Value))))),
        KeyValuePair.Create<string, JsonNode?>("run", run),
        KeyValuePair.Create<string, JsonNode?>("expect", CanonicalJson.Object(stage.Expectations.Select(each => KeyValuePair.Create<string, JsonNode?>(each.Metric, each.Text)))));

    private static JsonNode? ToJson(BoundInput input) => input.Cardinality switch
    {
        InputCardinality.One => Written(input.Sources[0]),
        InputCardinality.List => new JsonArray([.. input.Sources.Select(Written)]),
        _ => CanonicalJson.Object(input.Sources.Select(source => KeyValuePair.Create<string, JsonNode?>(source.Label!, Written(source)))),
    };

    private static JsonValue Written(InputSource source) => JsonValue.Create(source switch
    {
        StageOutput { Part: "" } output => output.Stage,
        StageOutput output => $"{output.Stage}.{output.Part}",
        _ => "file:" + ReferenceSyntax.Escape(((ExternalFiles)source).Pattern),
    });

    private static List<KeyValuePair<string, JsonNode?>> Detached(JsonObject map)
    {
        List<KeyValuePair<string, JsonNode?>> entries = [.. map];
        map.Clear();
        return entries;
    }
}
