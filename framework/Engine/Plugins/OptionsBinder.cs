using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Plugins;

/// <summary>Binds pieces of a recipe to options records. Every mistake becomes a problem with its place; nothing is thrown.</summary>
/// <param name="catalog">Where nested plugins are found.</param>
/// <param name="problems">Takes the problems.</param>
public sealed class OptionsBinder(PluginCatalog catalog, RecipeProblems problems)
{
    private const string Use = "use";

    /// <summary>Binds the options of a plugin.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="options">The mapping of options; for a nested plugin it may hold <c>use</c>.</param>
    /// <param name="subject">Begins every message: <c>stage 'clean'</c>.</param>
    /// <returns>Null when there was a problem.</returns>
    public BoundOptions? Bind(PluginDescription plugin, MappingNode options, string subject) => Bind(plugin, options, subject, isNested: false);

    /// <summary>Binds a nested plugin: <c>{ use: NAME, option: value ... }</c>, or the bare name.</summary>
    /// <param name="kind">The kind's name.</param>
    /// <param name="node">What was written.</param>
    /// <param name="subject">Begins every message; empty when there is nothing around.</param>
    /// <returns>Null when there was a problem.</returns>
    public BoundOptions? BindPlugin(string kind, RecipeNode node, string subject) => BindPlugin(kind, node, subject, kind, byDefault: null);

    /// <summary>Binds a record of settings that belongs to no plugin.</summary>
    /// <param name="node">The mapping, or null for defaults only.</param>
    /// <param name="location">Where it stands, or would stand.</param>
    /// <param name="subject">Begins every message.</param>
    /// <returns>The record, with defaults where something was wrong, and its canonical JSON.</returns>
    public (T Value, JsonObject Json) BindRecord<T>(RecipeNode? node, SourceLocation location, string subject)
        where T : class
    {
        var shape = catalog.ShapeOf(typeof(T));
        if (node is not (null or MappingNode or BrokenNode or ScalarNode { IsNull: true }))
        {
            problems.Add(node.Location, $"{subject} wants a mapping of {Names(shape)}, not {node.Describe()}.");
            return ((T)shape.Create(), []);
        }

        var bound = Record(shape, shape.Create(), node as MappingNode ?? new MappingNode(location, []), subject, isNested: false);
        return bound is { } good ? ((T)good.Value!, (JsonObject)good.Full!) : ((T)shape.Create(), []);
    }

    private static string Names(RecordShape shape) => string.Join(", ", shape.Options.Select(option => option.Name));

    private BoundOptions? BindPlugin(string kind, RecipeNode node, string subject, string option, string? byDefault)
    {
        var mapping = node as MappingNode;
        var use = mapping is null ? node : mapping[Use] ?? (byDefault is null ? null : new ScalarNode(mapping.Location, byDefault));
        if (use is BrokenNode)
        {
            return null;
        }

        var known = catalog.OfKind(kind).Select(plugin => plugin.Name);
        if (use is not ScalarNode { IsNull: false } name)
        {
            var what = use is null ? "a mapping without 'use'" : use.Describe();
            problems.Add(node.Location, $"{Prefix(subject)}{option} wants a {kind} ({string.Join(", ", known)}): its name, or {{ use: NAME, ... }}, not {what}.");
            return null;
        }

        if (catalog.Find(kind, name.Text) is not { } plugin)
        {
            if (!catalog.IsPartial)
            {
                problems.Add(name.Location, Prefix(subject) + Suggestion.No(kind, name.Text, kind + "s", known));
            }

            return null;
        }

        var inner = subject.Length == 0 ? $"{kind} '{plugin.Name}'" : $"{subject}, {kind} '{plugin.Name}'";
        return Bind(plugin, mapping ?? new MappingNode(node.Location, []), inner, isNested: true);
    }

    private BoundOptions? Bind(PluginDescription plugin, MappingNode options, string subject, bool isNested)
    {
        Bound? bound = new Bound(null, new JsonObject(), new JsonObject());
        if (plugin.Shape is { } shape)
        {
            bound = Record(shape, shape.Create(), options, subject, isNested);
        }
        else
        {
            foreach (var entry in options.Entries.Where(entry => !(isNested && entry.Key == Use)))
            {
                problems.Add(entry.Location, $"{subject}: no option '{entry.Key}'. The {plugin.Kind} '{plugin.Name}' has no options.");
                bound = null;
            }
        }

        return bound is not { } good ? null : new(
            plugin,
            good.Value,
            With((JsonObject)good.Identity!, (Use, plugin.Name), ("version", plugin.Version), ("source", plugin.Source)),
            With((JsonObject)good.Full!, (Use, plugin.Name)));
    }

    /// <summary>The options with more entries; one without a value is left out.</summary>
    private static JsonObject With(JsonObject options, params ReadOnlySpan<(string Key, JsonNode? Value)> heads)
    {
        List<KeyValuePair<string, JsonNode?>> entries = [.. options];
        options.Clear();
        foreach (var (key, value) in heads)
        {
            if (value is not null)
            {
                entries.Add(new(key, value));
            }
        }

        return CanonicalJson.Object(entries);
    }

    private Bound? Record(RecordShape shape, object record, MappingNode node, string subject, bool isNested)
    {
        var before = problems.Count;
        var isWhole = true;
        foreach (var entry in node.Entries)
        {
            if (!(isNested && entry.Key == Use) && shape.Options.All(option => option.Name != entry.Key))
            {
                problems.Add(entry.Location, $"{subject}: {Suggestion.No("option", entry.Key, "options", shape.Options.Select(option => option.Name))}");
            }
        }

        List<KeyValuePair<string, JsonNode?>> identity = [], full = [];
        foreach (var option in shape.Options)
        {
            var written = node[option.Name];
            if (written is null && option.IsRequired)
            {
                problems.Add(node.Location, $"{subject}: the option '{option.Name}' is missing. It wants {Wanted(option.Shape, option)}.");
                continue;
            }

            if ((written is null ? Unwritten(option, record, node, subject) : Written(option, record, written, subject)) is not { } bound)
            {
                isWhole = false;
                continue;
            }

            option.Set(record, bound.Value);
            full.Add(new(option.Name, bound.Full));
            if (!option.IsRuntimeOnly && !IsNeutral(option, bound, subject))
            {
                identity.Add(new(option.Name, bound.Identity));
            }
        }

        if (isWhole && problems.Count == before && record is IValidatableObject checkable)
        {
            foreach (var result in checkable.Validate(new ValidationContext(record)).OfType<ValidationResult>())
            {
                problems.Add(node.Location, $"{subject}: {result.ErrorMessage?.TrimEnd('.')}.");
            }
        }

        return isWhole && problems.Count == before ? new(record, CanonicalJson.Object(identity), CanonicalJson.Object(full)) : null;
    }

    private Bound? Written(OptionDescription option, object record, RecipeNode node, string subject)
    {
        if (node is ScalarNode { IsNull: true })
        {
            return option.IsNullable ? new Bound(null, null, null) : Wants(node, subject, option.Name, Wanted(option.Shape, option));
        }

        var bound = option.Shape switch
        {
            RecordShape shape when node is MappingNode mapping =>
                Record(shape, option.Get(record) is { } value ? shape.Copy(value) : shape.Create(), mapping, $"{subject}, option '{option.Name}'", isNested: false),
            PluginShape shape => Plugin(shape, node, subject, option.Name, option.DefaultUse),
            _ => Value(option.Shape, node, subject, option.Name, Wanted(option.Shape, option)),
        };
        return bound is { } good && !OptionRules.Holds(option, good.Value) ? Wants(node, subject, option.Name, Wanted(option.Shape, option)) : bound;
    }

    private Bound? Unwritten(OptionDescription option, object record, MappingNode node, string subject)
    {
        var value = option.Get(record);
        if (value is null && option.DefaultUse is { } name && option.Shape is PluginShape plugin)
        {
            return Plugin(plugin, new ScalarNode(node.Location, name), subject, option.Name, name);
        }

        if (value is not null && option.Shape is RecordShape shape)
        {
            return Record(shape, shape.Copy(value), new MappingNode(node.Location, []), $"{subject}, option '{option.Name}'", isNested: false);
        }

        if (value is null ? option.IsNullable : OptionRules.Holds(option, value))
        {
            return new(value, OptionReflection.Write(option.Shape, value), OptionReflection.Write(option.Shape, value));
        }

        problems.Add(node.Location, $"{subject}: the option '{option.Name}' is missing. It wants {Wanted(option.Shape, option)}.");
        return null;
    }

    private Bound? Value(ValueShape shape, RecipeNode node, string subject, string name, string wanted)
    {
        switch (shape, node)
        {
            case (_, BrokenNode):
                return null;
            case (FreeShape, _):
                var free = ResolvedValue.ToJson(node);
                return new(free, free?.DeepClone(), free?.DeepClone());
            case (ScalarShape scalar, ScalarNode { IsNull: false } text) when scalar.Parse(text.Text) is { } value:
                return new(value, scalar.Write(value), scalar.Write(value));
            case (PluginShape plugin, _):
                return Plugin(plugin, node, subject, name, byDefault: null);
            case (RecordShape record, MappingNode mapping):
                return Record(record, record.Create(), mapping, $"{subject}, option '{name}'", isNested: false);
            case (ListShape list, SequenceNode items):
                var bound = items.Items.Select((item, index) => Value(list.Item, item, subject, $"{name}[{index}]", Wanted(list.Item))).ToList();
                return bound.Any(item => item is null) ? null : new(
                    list.Create([.. bound.Select(item => item!.Value)]),
                    new JsonArray([.. bound.Select(item => item!.Identity)]),
                    new JsonArray([.. bound.Select(item => item!.Full)]));
            case (MapShape map, MappingNode entries):
                var values = entries.Entries.Select(entry => (entry.Key, Bound: Value(map.Item, entry.Value, subject, $"{name}.{entry.Key}", Wanted(map.Item)))).ToList();
                return values.Any(entry => entry.Bound is null) ? null : new(
                    map.Create([.. values.Select(entry => KeyValuePair.Create(entry.Key, entry.Bound!.Value))]),
                    CanonicalJson.Object(values.Select(entry => KeyValuePair.Create(entry.Key, entry.Bound!.Identity))),
                    CanonicalJson.Object(values.Select(entry => KeyValuePair.Create(entry.Key, entry.Bound!.Full))));
            case (ScalarShape { Limits: { } limits }, ScalarNode text) when ScalarText.Whole(text.Text) is not null:
                return Wants(node, subject, name, $"{shape.Text}, {limits}");
            default:
                return Wants(node, subject, name, wanted);
        }
    }

    private Bound? Plugin(PluginShape shape, RecipeNode node, string subject, string name, string? byDefault)
    {
        if (BindPlugin(shape.KindName, node, subject, $"option '{name}'", byDefault) is not { } bound)
        {
            return null;
        }

        var recipe = JsonElement.Parse(CanonicalJson.Bytes(bound.Full));
        return new(shape.Wrap(bound.Plugin.Name, recipe, () => catalog.Create(bound.Plugin, bound.Value)), bound.Identity, bound.Full);
    }

    /// <summary>Whether an option that was added later stands at the value that leaves old keys as they were.</summary>
    private bool IsNeutral(OptionDescription option, Bound bound, string subject)
    {
        if (option.NeutralValue is not [var neutral])
        {
            return false;
        }

        if (neutral is null || bound.Value is null)
        {
            return neutral is null && bound.Value is null;
        }

        var mistakes = new RecipeProblems();
        var same = new OptionsBinder(catalog, mistakes).Value(option.Shape, NeutralValue.Read(neutral, option.Shape), subject, option.Name, Wanted(option.Shape, option));
        return same is { } value
            ? CanonicalJson.Text(value.Identity) == CanonicalJson.Text(bound.Identity)
            : throw new InvalidPluginException($"{subject}: the neutral value of option '{option.Name}' cannot be one. {string.Join(' ', mistakes)}");
    }

    private Bound? Wants(RecipeNode node, string subject, string name, string wanted)
    {
        if (node is not BrokenNode)
        {
            problems.Add(node.Location, $"{Prefix(subject)}option '{name}' wants {wanted}, not {node.Describe()}.");
        }

        return null;
    }

    private string Wanted(ValueShape shape, OptionDescription? option = null) =>
        shape switch
        {
            PluginShape plugin => $"{plugin.Text} ({string.Join(", ", catalog.OfKind(plugin.KindName).Select(each => each.Name))})",
            RecordShape record => $"a mapping of {Names(record)}",
            _ => shape.Text,
        }
        + (option?.Allowed is { } allowed ? $", {allowed}" : "");

    private static string Prefix(string subject) => subject.Length == 0 ? "" : subject + ": ";

    /// <summary>A bound value with its canonical JSON, once for keys and once whole.</summary>
    private sealed record Bound(object? Value, JsonNode? Identity, JsonNode? Full);
}
