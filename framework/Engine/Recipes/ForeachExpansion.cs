using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>
/// Replaces each stage that has <c>foreach</c> by one stage per value. Several names give the product of their values;
/// the first name is the outermost loop. An instance is named <c>STAGE-SLUG</c>; otherwise it is a stage like any
/// other. The instances take the place of the stage, in the order of the values.
/// </summary>
/// <param name="interpolator">Interpolates the values.</param>
/// <param name="problems">Collects the problems.</param>
/// <param name="files">Finds the files of patterns.</param>
/// <param name="workingDirectory">The folder to which file patterns are relative.</param>
internal sealed class ForeachExpansion(Interpolator interpolator, RecipeProblems problems, FilePatterns files, string workingDirectory)
{
    private const string Foreach = "foreach";
    private readonly ForeachReader _reader = new(problems, files, workingDirectory);

    /// <summary>The stages with <c>foreach</c> and their instances.</summary>
    public StageGroups Groups { get; } = new();

    /// <summary>
    /// All stages, interpolated and expanded. A stage whose <c>foreach</c> is wrong is reported and becomes a
    /// <see cref="BrokenNode"/>.
    /// </summary>
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

    /// <summary>
    /// A stage without <c>foreach</c>. If interpolation put a <c>foreach</c> into it, that is reported: it comes too
    /// late.
    /// </summary>
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

    /// <summary>The instances; null after a problem, which is reported.</summary>
    private IReadOnlyList<ForeachInstance>? Product(string stage, RecipeNode names)
    {
        if (names is not MappingNode { Entries.Count: > 0 } map)
        {
            if (names is not BrokenNode)
            {
                var found = names is MappingNode ? "an empty mapping" : names.Describe();
                problems.Add(
                    names.Location,
                    $"stage '{stage}': 'foreach' wants a mapping of names to values, {{ NAME: [VALUE, ...] }}, not {found}.");
            }

            return null;
        }

        List<ForeachInstance> instances = [new(stage, map with { Entries = [] }, map with { Entries = [] })];
        var axes = map.Entries.Select(name => (Name: name, Values: _reader.Read(stage, name))).ToList();
        if (axes.Aggregate(1.0, (product, axis) => product * (axis.Values?.Count ?? 1)) > RecipeLimits.Stages)
        {
            problems.Add(names.Location, $"stage '{stage}': 'foreach' would make more than {RecipeLimits.Stages:N0} stages. Give fewer values, or fewer files by a pattern.");
            return null;
        }

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

    /// <summary>Reports stages with the same name: an instance and another stage, or two instances.</summary>
    private void ReportSharedNames(List<MappingEntry> stages)
    {
        foreach (var shared in stages.GroupBy(stage => stage.Key).Where(stages => stages.Count() > 1).ToList())
        {
            problems.Add(
                shared.Last().Location,
                $"two stages are named '{shared.Key}', at least one of them by 'foreach'. Rename a stage, or name the values: {{ NAME: VALUE, ... }}.");
            stages.RemoveAll(stage => stage.Key == shared.Key && stage != shared.First());
        }
    }

    private MappingEntry Late(MappingEntry entry, SourceLocation place)
    {
        problems.Add(place, $"stage '{entry.Key}': 'foreach' must be written in the stage itself, not in a variable that holds the stage.");
        return entry with { Value = new BrokenNode(place) };
    }
}
