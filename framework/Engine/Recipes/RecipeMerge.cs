using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>
/// Merges one piece of a recipe into another: a recipe into the recipes that it extends, a profile into the recipe, and
/// <c>--set</c> values into the result. A node remembers what it replaced. <c>docs/recipes.md</c> describes the rule
/// under "Merging".
/// </summary>
internal static class RecipeMerge
{
    private const string Use = "use";

    /// <summary>The merge of two whole recipes.</summary>
    public static MappingNode Recipes(MappingNode lower, MappingNode upper) => (MappingNode)Merge(lower, upper, []);

    /// <summary>The merge of the two nodes at a path.</summary>
    public static RecipeNode Merge(RecipeNode? lower, RecipeNode upper, IReadOnlyList<string> path)
    {
        var mayNamePlugin = path.Count > 3 && path[0] == "stages" && path[2] == "with";
        if (mayNamePlugin && lower is ScalarNode { IsNull: false } name && upper is MappingNode)
        {
            lower = Named(name);
        }
        else if (mayNamePlugin && lower is MappingNode plugin && plugin.Find(Use) is not null && upper is ScalarNode { IsNull: false } bare)
        {
            upper = Named(bare);
        }

        return lower is MappingNode below && upper is MappingNode above ? MergeMappings(below, above, path) : upper.Over(lower);
    }

    private static RecipeNode MergeMappings(MappingNode lower, MappingNode upper, IReadOnlyList<string> path)
    {
        var isStage = path.Count == 2 && path[0] == "stages";
        var isOtherPlugin = path.Count > 0 && lower[Use] is ScalarNode old && upper[Use] is ScalarNode other && old.Text != other.Text;
        if (isOtherPlugin && !isStage)
        {
            return upper.Over(lower);
        }

        var (lowerKeys, above) = (lower.Entries.Select(entry => entry.Key).ToHashSet(), upper.Entries.ToDictionary(entry => entry.Key));
        List<MappingEntry> entries = [];
        foreach (var entry in lower.Entries)
        {
            var inherits = !(isOtherPlugin && entry.Key == "with");
            if (above.TryGetValue(entry.Key, out var over))
            {
                entries.Add(over with { Value = inherits ? Merge(entry.Value, over.Value, [.. path, entry.Key]) : over.Value.Over(entry.Value) });
            }
            else if (inherits)
            {
                entries.Add(entry);
            }
        }

        entries.AddRange(upper.Entries.Where(entry => !lowerKeys.Contains(entry.Key)));
        return new MappingNode(upper.Location, entries) { Replaced = upper.Replaced?.Over(lower.Replaced) ?? lower.Replaced };
    }

    private static MappingNode Named(ScalarNode name) => new(name.Location, [new(Use, name.Location, name)]);
}
