namespace Experiments.Engine.Yaml;

/// <summary>Counts the values of a recipe while it is read, so that neither aliases nor variables nor many files make it too large for the memory.</summary>
internal sealed class RecipeSize
{
    /// <summary>The values so far.</summary>
    public int Values { get; private set; }

    /// <summary>The size of a node with all nodes in it, in values. A long text counts as several.</summary>
    public static int Of(RecipeNode node) => node switch
    {
        ScalarNode scalar => 1 + (scalar.Text.Length / RecipeLimits.TextPerValue),
        SequenceNode list => 1 + list.Items.Sum(Of),
        MappingNode map => 1 + map.Entries.Sum(entry => Of(entry.Value)),
        _ => 1,
    };

    /// <summary>Adds values.</summary>
    /// <returns>Whether the recipe is still within <see cref="RecipeLimits.Values"/>.</returns>
    public bool Grow(int values)
    {
        Values = (int)Math.Min(int.MaxValue, (long)Values + values);
        return Values <= RecipeLimits.Values;
    }
}
