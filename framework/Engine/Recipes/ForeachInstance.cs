using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>One of the stages that <c>foreach</c> makes of a stage.</summary>
/// <param name="Group">The stage as it was written, whose name means all its instances.</param>
/// <param name="Values">The value of each name: <c>$(each.NAME)</c>.</param>
/// <param name="Slugs">What each value adds to the stage's name: <c>$(slug.NAME)</c>.</param>
internal sealed record ForeachInstance(string Group, MappingNode Values, MappingNode Slugs)
{
    /// <summary>What tells it from the group's other instances, and labels it in a mapping of inputs: <c>2023-06</c>, <c>2023-06-small</c>.</summary>
    public string Slug { get; } = string.Join('-', Slugs.Entries.Select(entry => ((ScalarNode)entry.Value).Text));

    /// <summary>The stage's name: <c>clean-2023-06</c>.</summary>
    public string Name => $"{Group}-{Slug}";
}
