using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>
/// Makes of each stage that says <c>foreach</c> one stage for each of its values; several names make the product, the first one outermost.
/// An instance is named <c>STAGE-SLUG</c> and otherwise a stage like any other. It stands where the written one stood, in order of the values.
/// </summary>
/// <param name="interpolator">Puts the values in place.</param>
/// <param name="problems">Takes the problems.</param>
/// <param name="workingDirectory">Where relative file patterns begin.</param>
internal sealed class ForeachExpansion(Interpolator interpolator, RecipeProblems problems, string workingDirectory)
{
    private const string Foreach = "foreach";
    private readonly ForeachReader _reader = new(problems, workingDirectory);

    /// <summary>The stages that said <c>foreach</c>, with their instances.</summary>
    public StageGroups Groups { get; } = new();

    /// <summary>All stages with everything put in place. A stage whose <c>foreach</c> is wrong is broken, and reported.</summary>
    public RecipeNode Expand(RecipeNode stages)
    {
        if (stages is not MappingNode written)
        {
            var held = interpolator.Resolve(stages);
            return held is MappingNode map ? map with { Entries = [.. map.Entries.Select(Whole)] } : held;
        }

        List<MappingEntry> entries = [];
        foreach (var entry in written.Entries)
        {
            if (entry.Value is MappingNode stage && stage[Foreach] is { } names and not ScalarNode { IsNull: true })
            {
                entries.AddRange(Instances(entry, stage, interpolator.Resolve(names)));
            }
            else
            {
                entries.Add(Whole(entry with { Value = interpolator.Resolve(entry.Value) }));
            }
        }

        ReportSharedNames(entries);
        return written with { Entries = entries };
    }

    /// <summary>A stage without <c>foreach</c>; one that got it from a variable is too late for it.</summary>
    private MappingEntry Whole(MappingEntry entry) =>
        entry.Value is MappingNode stage && stage.Find(Foreach) is { Value: not ScalarNode { IsNull: true } } late
            ? Late(entry, late.Location)
            : entry;

    private IEnumerable<MappingEntry> Instances(MappingEntry entry, MappingNode stage, RecipeNode names)
    {
        if (Product(entry.Key, names) is not { } instances)
        {
            Groups.AddBroken(entry.Key);
            return [entry with { Value = new BrokenNode(names.Location) }];
        }

        Groups.Add(entry.Key, instances);
        var each = stage with { Entries = [.. stage.Entries.Where(key => key.Key != Foreach)] };
        return instances.Select(instance => entry with { Key = instance.Name, Value = interpolator.Resolve(each, instance) });
    }

    /// <summary>The instances, or null when something is wrong, which is then reported.</summary>
    private IReadOnlyList<ForeachInstance>? Product(string stage, RecipeNode names)
    {
        if (names is not MappingNode { Entries.Count: > 0 } map)
        {
            if (names is not BrokenNode)
            {
                problems.Add(names.Location, $"stage '{stage}': 'foreach' wants a mapping of names to values, {{ NAME: [VALUE, ...] }}, not {(names is MappingNode ? "an empty mapping" : names.Describe())}.");
            }

            return null;
        }

        List<ForeachInstance> instances = [new(stage, map with { Entries = [] }, map with { Entries = [] })];
        var axes = map.Entries.Select(name => (Name: name, Values: _reader.Read(stage, name))).ToList();
        foreach (var (name, values) in axes)
        {
            instances = [.. from instance in instances from value in values ?? [] select With(instance, name, value)];
        }

        return axes.All(axis => axis.Values is not null) ? instances : null;
    }

    private static ForeachInstance With(ForeachInstance instance, MappingEntry name, ForeachValue value) => new(
        instance.Group,
        instance.Values with { Entries = [.. instance.Values.Entries, name with { Value = value.Node }] },
        instance.Slugs with { Entries = [.. instance.Slugs.Entries, name with { Value = new ScalarNode(value.Node.Location, value.Slug, IsPlain: false) }] });

    /// <summary>Two stages may meet in a name: an instance and a written one, or instances whose values run into each other.</summary>
    private void ReportSharedNames(List<MappingEntry> stages)
    {
        foreach (var shared in stages.GroupBy(stage => stage.Key).Where(stages => stages.Count() > 1).ToList())
        {
            problems.Add(shared.Last().Location, $"two stages are named '{shared.Key}', at least one of them by 'foreach'. Rename a stage, or name the values: {{ NAME: VALUE, ... }}.");
            stages.RemoveAll(stage => stage.Key == shared.Key && stage != shared.First());
        }
    }

    private MappingEntry Late(MappingEntry entry, SourceLocation place)
    {
        problems.Add(place, $"stage '{entry.Key}': 'foreach' must stand in the stage itself, not in a variable that holds the stage.");
        return entry with { Value = new BrokenNode(place) };
    }
}
