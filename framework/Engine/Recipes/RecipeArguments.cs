namespace Experiments.Engine.Recipes;

/// <summary>What the command line changes in a recipe.</summary>
public sealed record RecipeArguments
{
    /// <summary>
    /// Settings as <c>path=value</c>, the value in YAML: <c>vars.tokens=2e6</c>, <c>stages.base.with.optimizer=sgd</c>.
    /// Later settings override earlier ones.
    /// </summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>The profile to apply, or null.</summary>
    public string? Profile { get; init; }
}
