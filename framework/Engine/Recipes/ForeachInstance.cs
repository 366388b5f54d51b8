using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>One of the stages that <c>foreach</c> makes.</summary>
/// <param name="Group">The name of the stage that was written. In an input it means all instances.</param>
/// <param name="Values">The value of each name, for <c>$(each.NAME)</c>.</param>
/// <param name="Slugs">The part of the stage's name that stands for each value, for <c>$(slug.NAME)</c>.</param>
internal sealed record ForeachInstance(string Group, MappingNode Values, MappingNode Slugs)
{
    /// <summary>
    /// The part of the name that distinguishes it from the group's other instances. It is also its label in a mapping
    /// of inputs: <c>2023-06</c>, <c>2023-06-small</c>.
    /// </summary>
    public string Slug { get; } = string.Join('-', Slugs.Entries.Select(entry => ((ScalarNode)entry.Value).Text));

    /// <summary>The stage's name: <c>clean-2023-06</c>.</summary>
    public string Name => $"{Group}-{Slug}";
}
