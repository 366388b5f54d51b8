using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins.Foreign;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>
/// Binds pieces of a recipe to options records. Each mistake becomes a problem with its location; only a recipe that is far too large ends at once, with an exception.
/// </summary>
/// <param name="catalog">Finds nested plugins.</param>
/// <param name="problems">Collects the problems.</param>
public sealed class OptionsBinder(PluginCatalog catalog, RecipeProblems problems)
{
    private const string Use = "use";
    private int _plugins;

    /// <summary>
    /// The folder to which options that name files are relative. Default: the current directory of the process.
    /// </summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    private ValueBinder Values => field ??= new(this, catalog, problems);

    /// <summary>Binds the options of a plugin.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="options">The mapping of options.</param>
    /// <param name="subject">Begins every message: <c>stage 'clean'</c>.</param>
    /// <returns>Null when there was a problem.</returns>
    public BoundOptions? Bind(PluginDescription plugin, MappingNode options, string subject) => Bind(plugin, options, subject, isNested: false);

    /// <summary>Binds a nested plugin: <c>{ use: NAME, option: value ... }</c>, or the bare name.</summary>
    /// <param name="kind">The kind's name.</param>
    /// <param name="node">What was written.</param>
    /// <param name="subject">Begins every message; empty when nothing contains the plugin.</param>
    /// <returns>Null when there was a problem.</returns>
    public BoundOptions? BindPlugin(string kind, RecipeNode node, string subject) => BindPlugin(kind, node, subject, kind, byDefault: null);

    /// <summary>Binds a record of settings that belongs to no plugin.</summary>
    /// <param name="node">The mapping, or null for defaults only.</param>
    /// <param name="location">Where it was written, or where it would be.</param>
    /// <param name="subject">Begins every message.</param>
    /// <returns>The record, with defaults where something was wrong, and its canonical JSON, without options that were added later and are at their neutral value.</returns>
    public (T Value, JsonObject Json) BindRecord<T>(RecipeNode? node, SourceLocation location, string subject)
        where T : class
    {
        var shape = catalog.ShapeOf(typeof(T));
        if (node is not (null or MappingNode or BrokenNode or ScalarNode { IsNull: true }))
        {
            problems.Add(node.Location, $"{subject} wants a mapping of {ValueBinder.Names(shape)}, not {node.Describe()}.");
            return ((T)shape.Create(), []);
        }

        var bound = Record(shape, shape.Create(), node as MappingNode ?? new MappingNode(location, []), subject, isNested: false);
        return bound is { } good ? ((T)good.Value!, Recorded(shape, good)) : ((T)shape.Create(), []);
    }

    private static JsonObject Recorded(RecordShape shape, BoundValue bound)
    {
        var (recorded, identity) = ((JsonObject)bound.Full!, (JsonObject)bound.Identity!);
        foreach (var option in shape.Options.Where(option => option.NeutralValue.Count > 0 && !identity.ContainsKey(option.Name)))
        {
            recorded.Remove(option.Name);
        }

        return recorded;
    }

    internal BoundOptions? BindPlugin(string kind, RecipeNode node, string subject, string option, string? byDefault)
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
            problems.Add(node.Location, $"{ValueBinder.Prefix(subject)}{option} wants a {kind} ({string.Join(", ", known)}): its name, or {{ use: NAME, ... }}, not {what}.");
            return null;
        }

        if (catalog.Find(kind, name.Text) is not { } plugin)
        {
            if (!catalog.IsPartial)
            {
                problems.Add(name.Location, ValueBinder.Prefix(subject) + Suggestion.No(kind, name.Text, kind + "s", known));
            }

            return null;
        }

        if (++_plugins > RecipeLimits.Plugins)
        {
            problems.Add(name.Location, $"the recipe names more than {RecipeLimits.Plugins:N0} plugins in its options. Split it into several recipes.");
            problems.ThrowIfAny();
        }

        var inner = subject.Length == 0 ? $"{kind} '{plugin.Name}'" : $"{subject}, {kind} '{plugin.Name}'";
        return Bind(plugin, mapping ?? new MappingNode(node.Location, []), inner, isNested: true);
    }

    private BoundOptions? Bind(PluginDescription plugin, MappingNode options, string subject, bool isNested)
    {
        BoundValue? bound = new(null, new JsonObject(), new JsonObject());
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

        if (bound is not { } good)
        {
            return null;
        }

        var identity = With((JsonObject)good.Identity!, (Use, plugin.Name), ("version", plugin.Version), ("source", plugin.Source));
        return new(plugin, good.Value, identity, With((JsonObject)good.Full!, (Use, plugin.Name)));
    }

    /// <summary>The options with further entries. An entry without a value is left out.</summary>
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

    internal BoundValue? Record(RecordShape shape, object record, MappingNode node, string subject, bool isNested)
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
                problems.Add(node.Location, $"{subject}: the option '{option.Name}' is missing. It wants {Values.Wanted(option.Shape, option)}.");
                continue;
            }

            var bound = written is null ? Unwritten(option, record, node, subject) : Written(option, record, written, subject);
            if (bound is null)
            {
                isWhole = false;
                continue;
            }

            option.Set(record, bound.Value);
            full.Add(new(option.Name, bound.Full));
            if (!option.IsRuntimeOnly && !IsNeutral(option, bound, subject))
            {
                identity.Add(new(option.Name, option.IsInputFile ? InputFiles.Identity(bound.Identity, WorkingDirectory) : bound.Identity));
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

    private BoundValue? Written(OptionDescription option, object record, RecipeNode node, string subject)
    {
        if (node is ScalarNode { IsNull: true })
        {
            return option.IsNullable ? new BoundValue(null, null, null) : Values.Wants(node, subject, option.Name, Values.Wanted(option.Shape, option));
        }

        var bound = option.Shape switch
        {
            RecordShape shape when node is MappingNode mapping =>
                Record(shape, option.Get(record) is { } value ? shape.Copy(value) : shape.Create(), mapping, $"{subject}, option '{option.Name}'", isNested: false),
            PluginShape shape => Values.Plugin(shape, node, subject, option.Name, option.DefaultUse),
            _ => Values.Value(option.Shape, node, subject, option.Name, Values.Wanted(option.Shape, option)),
        };
        if (option.IsInputFile && bound is not null && InputFiles.Missing(bound.Full, WorkingDirectory) is { } missing)
        {
            problems.Add(node.Location, $"{ValueBinder.Prefix(subject)}option '{option.Name}': no file '{missing}', or no access. Paths are relative to the working directory, {WorkingDirectory}.");
            return null;
        }

        if (bound is not null && OptionRules.Objection(option, bound.Value) is { } objection)
        {
            problems.Add(node.Location, $"{ValueBinder.Prefix(subject)}option '{option.Name}': {objection}");
            return null;
        }

        return bound is { } good && !OptionRules.Holds(option, good.Value) ? Values.Wants(node, subject, option.Name, Values.Wanted(option.Shape, option)) : bound;
    }

    private BoundValue? Unwritten(OptionDescription option, object record, MappingNode node, string subject)
    {
        var value = option.Get(record);
        if (value is UnreadDefault)
        {
            problems.Add(
                node.Location,
                $"{subject}: the default of option '{option.Name}' is not a constant, and reading a recipe does not run its plugin files. "
                + $"Write a constant in the plugin, or give the value here: {option.Name}: VALUE.");
            return null;
        }

        if (value is null && option.DefaultUse is { } name && option.Shape is PluginShape plugin)
        {
            return Values.Plugin(plugin, new ScalarNode(node.Location, name), subject, option.Name, name);
        }

        if (value is not null && option.Shape is RecordShape shape)
        {
            return Record(shape, shape.Copy(value), new MappingNode(node.Location, []), $"{subject}, option '{option.Name}'", isNested: false);
        }

        if (value is null ? option.IsNullable : OptionRules.Holds(option, value))
        {
            return new(value, OptionReflection.Write(option.Shape, value), OptionReflection.Write(option.Shape, value));
        }

        problems.Add(node.Location, $"{subject}: the option '{option.Name}' is missing. It wants {Values.Wanted(option.Shape, option)}.");
        return null;
    }

    /// <summary>
    /// Whether an option that was added later has its neutral value, with which old keys stay as they were.
    /// </summary>
    private bool IsNeutral(OptionDescription option, BoundValue bound, string subject)
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
        var wanted = Values.Wanted(option.Shape, option);
        var same = new OptionsBinder(catalog, mistakes).Values.Value(option.Shape, NeutralValue.Read(neutral, option.Shape), subject, option.Name, wanted);
        return same is not null
            ? CanonicalJson.Text(same.Identity) == CanonicalJson.Text(bound.Identity)
            : throw new InvalidPluginException($"{subject}: the neutral value of option '{option.Name}' is not allowed. {string.Join(' ', mistakes)}");
    }
}
