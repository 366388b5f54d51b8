using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>Binds single values, lists, mappings and nested plugins, and reports values of the wrong form.</summary>
/// <param name="owner">Binds nested records and plugins.</param>
/// <param name="catalog">Finds nested plugins.</param>
/// <param name="problems">Collects the problems.</param>
internal sealed class ValueBinder(OptionsBinder owner, PluginCatalog catalog, RecipeProblems problems)
{
    /// <summary>Binds a value of any shape.</summary>
    /// <param name="shape">The expected form.</param>
    /// <param name="node">What was written.</param>
    /// <param name="subject">Begins every message.</param>
    /// <param name="name">The name of the option, with list positions and keys.</param>
    /// <param name="wanted">The expected form in words, for a message.</param>
    public BoundValue? Value(ValueShape shape, RecipeNode node, string subject, string name, string wanted)
    {
        switch (shape, node)
        {
            case (_, BrokenNode):
                return null;
            case (FreeShape, _):
                var free = node.ToJson();
                return new(free, free?.DeepClone(), free?.DeepClone());
            case (ScalarShape scalar, ScalarNode { IsNull: false } text) when scalar.Parse(text.Text) is { } value:
                return new(value, scalar.Write(value), scalar.Write(value));
            case (PluginShape plugin, _):
                return Plugin(plugin, node, subject, name, byDefault: null);
            case (RecordShape record, MappingNode mapping):
                return owner.Record(record, record.Create(), mapping, $"{subject}, option '{name}'", isNested: false);
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

    /// <summary>Binds a nested plugin as an option's value.</summary>
    public BoundValue? Plugin(PluginShape shape, RecipeNode node, string subject, string name, string? byDefault)
    {
        if (owner.BindPlugin(shape.KindName, node, subject, $"option '{name}'", byDefault) is not { } bound)
        {
            return null;
        }

        var recipe = JsonSerializer.SerializeToElement(bound.Full);
        return new(shape.Wrap(bound.Plugin.Name, recipe, () => catalog.Create(bound.Plugin, bound.Value)), bound.Identity, bound.Full);
    }

    /// <summary>Reports a value of the wrong form.</summary>
    public BoundValue? Wants(RecipeNode node, string subject, string name, string wanted)
    {
        if (node is not BrokenNode)
        {
            problems.Add(node.Location, $"{Prefix(subject)}option '{name}' wants {wanted}, not {node.Describe()}.");
        }

        return null;
    }

    /// <summary>The expected form in words, with bounds and plugin names.</summary>
    public string Wanted(ValueShape shape, OptionDescription? option = null) =>
        shape switch
        {
            PluginShape plugin => $"{plugin.Text} ({string.Join(", ", catalog.OfKind(plugin.KindName).Select(each => each.Name))})",
            RecordShape record => $"a mapping of {Names(record)}",
            _ => shape.Text,
        }
        + (option?.Allowed is { } allowed ? $", {allowed}" : "");

    /// <summary>The beginning of a message: the subject and a colon.</summary>
    public static string Prefix(string subject) => subject.Length == 0 ? "" : subject + ": ";

    /// <summary>The keys of a record.</summary>
    public static string Names(RecordShape shape) => string.Join(", ", shape.Options.Select(option => option.Name));
}

/// <summary>A bound value with its canonical JSON, once for the key and once with all options.</summary>
internal sealed record BoundValue(object? Value, JsonNode? Identity, JsonNode? Full);
