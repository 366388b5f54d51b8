using Experiments.Engine.Recipes;

namespace Experiments.Engine.Runs;

/// <summary>
/// Selects the stages that a run executes, by name. The name of a stage with <c>foreach</c> means all its instances.
/// Other stages must be in the store if a selected stage reads them.
/// </summary>
public sealed record RunSelection
{
    /// <summary>Only these stages.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Only this stage and all stages that depend on it.</summary>
    public string? From { get; init; }

    /// <summary>Only this stage and all stages that it depends on.</summary>
    public string? Until { get; init; }

    /// <summary>Stages to make again even if their artifacts are in the store.</summary>
    public IReadOnlyList<string> Force { get; init; } = [];

    /// <summary>
    /// Whether unfinished stages start again, instead of resuming from their checkpoints and finished pieces.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>The names of the selected stages.</summary>
    /// <exception cref="ArgumentException">A named stage is not in the recipe.</exception>
    public IReadOnlySet<string> Apply(CheckedRecipe recipe)
    {
        if (Only.Concat(Force).Append(From).Append(Until).FirstOrDefault(name => name is not null && !recipe.Stages.Any(stage => IsNamed(stage, name))) is { } unknown)
        {
            throw new ArgumentException($"The recipe has no stage '{unknown}'. Stages: {string.Join(", ", recipe.Stages.Select(stage => stage.Name))}");
        }

        var selected = Named(recipe, stage => Only.Count == 0 || Only.Any(name => IsNamed(stage, name)));
        if (From is not null)
        {
            var dependants = Named(recipe, stage => IsNamed(stage, From));
            foreach (var stage in recipe.Stages.Where(stage => stage.Upstream.Any(dependants.Contains)))
            {
                dependants.Add(stage.Name);
            }

            selected.IntersectWith(dependants);
        }

        if (Until is not null)
        {
            var needed = Named(recipe, stage => IsNamed(stage, Until));
            foreach (var stage in recipe.Stages.Reverse().Where(stage => needed.Contains(stage.Name)))
            {
                needed.UnionWith(stage.Upstream);
            }

            selected.IntersectWith(needed);
        }

        return selected;
    }

    /// <summary>Whether a stage is made again even if its artifact is in the store.</summary>
    public bool Forces(BoundStage stage) => Force.Any(name => IsNamed(stage, name));

    private static HashSet<string> Named(CheckedRecipe recipe, Func<BoundStage, bool> isMeant) => [.. recipe.Stages.Where(isMeant).Select(stage => stage.Name)];

    private static bool IsNamed(BoundStage stage, string name) => stage.Name == name || stage.Group == name;
}
