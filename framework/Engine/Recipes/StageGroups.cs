using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>
/// The stages with <c>foreach</c> and their instances. In an input, the name of such a stage means all its instances.
/// </summary>
internal sealed class StageGroups
{
    private readonly Dictionary<string, IReadOnlyList<ForeachInstance>> _instances = [];
    private readonly Dictionary<string, string> _groups = [];
    private readonly List<string> _broken = [];

    /// <summary>Adds a stage with its instances, in the order of the values.</summary>
    public void Add(string group, IReadOnlyList<ForeachInstance> instances)
    {
        _instances[group] = instances;
        foreach (var instance in instances)
        {
            _groups[instance.Name] = group;
        }
    }

    /// <summary>Adds a stage whose <c>foreach</c> is wrong, so that its instances are unknown.</summary>
    public void AddBroken(string group) => _broken.Add(group);

    /// <summary>Whether an unknown stage may be an instance of one whose <c>foreach</c> is wrong.</summary>
    public bool MayHaveMade(string stage) => _broken.Any(group => stage.StartsWith(group + "-", StringComparison.Ordinal));

    /// <summary>The group that a stage is an instance of, or null.</summary>
    public string? Of(string stage) => _groups.GetValueOrDefault(stage);

    /// <summary>The name under which a stage was written: its group's, or its own.</summary>
    public string Written(string stage) => Of(stage) ?? stage;

    /// <summary>The names that an input may use, each group before its instances.</summary>
    public IEnumerable<string> Names(IEnumerable<string> stages) =>
        stages.SelectMany(IEnumerable<string> (stage) => Of(stage) is { } group ? [group, stage] : [stage]).Distinct();

    /// <summary>
    /// The outputs that a source means, each with its label, when it names a group or a part of a group; otherwise
    /// null.
    /// </summary>
    public IReadOnlyList<(string Label, ScalarNode Source)>? Members(RecipeNode source)
    {
        if (source is not ScalarNode { IsNull: false } scalar)
        {
            return null;
        }

        var dot = scalar.Text.IndexOf('.');
        var (name, part) = dot < 0 ? (scalar.Text, "") : (scalar.Text[..dot], scalar.Text[dot..]);
        return _instances.TryGetValue(name, out var instances) ? [.. instances.Select(instance => (instance.Slug, Output(instance)))] : null;

        ScalarNode Output(ForeachInstance instance) =>
            scalar with { Text = instance.Name + part, Interpolated = scalar.Interpolated ?? new(scalar, []) };
    }

    /// <summary>The sources that a source means: the outputs of a group's instances, or only itself.</summary>
    public IEnumerable<RecipeNode> Each(RecipeNode source) => Members(source) is { } members ? members.Select(member => member.Source) : [source];

    /// <summary>
    /// An input in which the names of groups are replaced by the names of their instances: in order in a list, with
    /// their slugs as labels in a mapping.
    /// </summary>
    public RecipeNode Spread(InputCardinality cardinality, RecipeNode node) => (cardinality, node) switch
    {
        (InputCardinality.List, ScalarNode) when Members(node) is { } members => new SequenceNode(node.Location, [.. members.Select(member => member.Source)]) { Replaced = node.Replaced },
        (InputCardinality.List, SequenceNode list) => list with { Items = [.. list.Items.SelectMany(Each)] },
        (InputCardinality.Map, ScalarNode) when Members(node) is { } members => new MappingNode(node.Location, [.. members.Select(member => new MappingEntry(member.Label, node.Location, member.Source))]) { Replaced = node.Replaced },
        (InputCardinality.Map, MappingNode map) => map with
        {
            Entries = [.. map.Entries.SelectMany(entry => Members(entry.Value)?.Select(member => entry with { Key = $"{entry.Key}-{member.Label}", Value = member.Source }) ?? [entry])],
        },
        _ => node,
    };
}
