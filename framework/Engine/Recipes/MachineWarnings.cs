using System.Globalization;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>
/// What in a recipe does not suit a machine. It is not a mistake: the recipe may have been written for another machine.
/// </summary>
public static class MachineWarnings
{
    /// <summary>All warnings about a recipe, with their places.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="cores">Number of processor threads of the machine.</param>
    public static IReadOnlyList<string> Of(CheckedRecipe recipe, int cores) =>
        [.. recipe.Stages.Select(stage => Threads(stage, cores) is { } text ? $"{Place(recipe, stage)}: stage '{stage.Group ?? stage.Name}', {text}" : null).OfType<string>().Distinct()];

    /// <summary>The warning about a stage that has more threads than the machine; null when it has not.</summary>
    public static string? Threads(BoundStage stage, int cores) => stage.Run.Threads > cores
        ? string.Create(CultureInfo.InvariantCulture, $"run: 'threads' is {stage.Run.Threads}, but this machine has {cores}; more threads than it has slow a stage down")
        : null;

    private static SourceLocation Place(CheckedRecipe recipe, BoundStage stage) =>
        (((recipe.Written["stages"] as MappingNode)?[stage.Name] as MappingNode)?["run"] as MappingNode)?["threads"]?.Location ?? stage.Location;
}
