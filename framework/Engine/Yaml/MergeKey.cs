namespace Experiments.Engine.Yaml;

/// <summary>
/// YAML's merge key, <c>&lt;&lt;: *base</c> or <c>&lt;&lt;: [*first, *second]</c>: it adds the entries of other mappings to
/// the one that contains it. The mapping's own entries win, then those of earlier mappings in the list. The added entries
/// keep the place where they were written.
/// </summary>
internal static class MergeKey
{
    /// <summary>Whether a key is the merge key; in quotes it is an ordinary one.</summary>
    public static bool Is(ScalarNode key) => key is { IsPlain: true, Text: "<<" };

    /// <summary>The entries that a merge key adds.</summary>
    /// <param name="value">The value of the merge key.</param>
    /// <param name="own">The keys of the mapping that contains it.</param>
    /// <param name="problems">Takes what is wrong with the value.</param>
    public static IEnumerable<MappingEntry> Entries(RecipeNode value, IReadOnlySet<string> own, RecipeProblems problems)
    {
        IReadOnlyList<RecipeNode> sources = value is SequenceNode list ? list.Items : [value];
        foreach (var wrong in sources.Where(source => source is not (MappingNode or BrokenNode)))
        {
            problems.Add(wrong.Location, $"'<<' wants a mapping or a list of mappings, such as an alias of one (<<: *base), not {wrong.Describe()}.");
        }

        return sources.OfType<MappingNode>().SelectMany(source => source.Entries).Where(entry => !own.Contains(entry.Key)).DistinctBy(entry => entry.Key);
    }
}
