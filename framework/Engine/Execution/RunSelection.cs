using Experiments.Engine.Recipes;

namespace Experiments.Engine.Execution;

/// <summary>Which stages a run is about; the others must be in the store when a selected one reads them.</summary>
public sealed record RunSelection
{
    /// <summary>Only these stages.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>This stage and all that depends on it.</summary>
    public string? From { get; init; }

    /// <summary>This stage and all that it depends on.</summary>
    public string? Until { get; init; }

    /// <summary>Stages that are made again although their artifact is in the store.</summary>
    public IReadOnlyList<string> Force { get; init; } = [];

    /// <summary>The selected stages' names.</summary>
    /// <exception cref="ArgumentException">A named stage is not in the recipe.</exception>
    public IReadOnlySet<string> Apply(CheckedRecipe recipe)
    {
        var names = recipe.Stages.Select(stage => stage.Name).ToHashSet();
        if (Only.Concat(Force).Append(From).Append(Until).FirstOrDefault(name => name is not null && !names.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"The recipe has no stage '{unknown}'. Stages: {string.Join(", ", recipe.Stages.Select(stage => stage.Name))}");
        }

        var selected = recipe.Stages.Where(stage => Only.Count == 0 || Only.Contains(stage.Name)).Select(stage => stage.Name).ToHashSet();
        if (From is not null)
        {
            HashSet<string> dependants = [From];
            foreach (var stage in recipe.Stages.Where(stage => stage.Upstream.Any(dependants.Contains)))
            {
                dependants.Add(stage.Name);
            }

            selected.IntersectWith(dependants);
        }

        if (Until is not null)
        {
            HashSet<string> needed = [Until];
            foreach (var stage in recipe.Stages.Reverse().Where(stage => needed.Contains(stage.Name)))
            {
                needed.UnionWith(stage.Upstream);
            }

            selected.IntersectWith(needed);
        }

        return selected;
    }
}
