using Experiments.Contracts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Yaml;

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
    /// <exception cref="UsageException">A named stage is not in the recipe, or no stage is left.</exception>
    public IReadOnlySet<string> Apply(CheckedRecipe recipe)
    {
        if (Only.Concat(Force).Append(From).Append(Until).FirstOrDefault(name => name is not null && !recipe.Stages.Any(stage => IsNamed(stage, name))) is { } unknown)
        {
            throw new UsageException($"{recipe.Path}: {Suggestion.No("stage", unknown, "stages", Names(recipe))}");
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

        return selected.Count > 0
            ? selected
            : throw new UsageException($"{recipe.Path}: no stage is selected: {Together()}. Stages in order: {string.Join(", ", Names(recipe))}.");
    }

    /// <summary>Whether a stage is made again even if its artifact is in the store.</summary>
    public bool Forces(BoundStage stage) => Force.Any(name => IsNamed(stage, name));

    /// <summary>Why the conditions leave no stage.</summary>
    private string Together() => From is not null && Until is not null
        ? $"'{Until}' does not depend on '{From}', so --from {From} and --until {Until} have no stage in common"
        : $"--only {string.Join(" --only ", Only)} has no stage in common with {(From is not null ? $"--from {From}" : $"--until {Until}")}";

    private static IEnumerable<string> Names(CheckedRecipe recipe) =>
        recipe.Stages.SelectMany(IEnumerable<string> (stage) => stage.Group is { } group ? [group, stage.Name] : [stage.Name]).Distinct();

    private static HashSet<string> Named(CheckedRecipe recipe, Func<BoundStage, bool> isMeant) => [.. recipe.Stages.Where(isMeant).Select(stage => stage.Name)];

    private static bool IsNamed(BoundStage stage, string name) => stage.Name == name || stage.Group == name;
}
