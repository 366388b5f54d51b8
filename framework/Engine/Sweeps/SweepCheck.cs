using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>Tries each value that a sweep may give its parameters against the recipe, before anything is run: of a range its two ends.</summary>
public static class SweepCheck
{
    /// <summary>Tries them, one at a time.</summary>
    /// <param name="recipe">The recipe; one without a sweep is right.</param>
    /// <param name="reader">Reads it.</param>
    /// <exception cref="RecipeException">A value does not fit; all problems are in it.</exception>
    public static void Run(CheckedRecipe recipe, RecipeReader reader)
    {
        var problems = new RecipeProblems();
        foreach (var parameter in recipe.Sweep?.Parameters ?? [])
        {
            foreach (var value in parameter.Domain switch
            {
                Choice choice => choice.Values,
                Interval interval => [interval.FromScale(interval.Start), interval.FromScale(interval.End)],
                _ => [],
            })
            {
                var set = SweepPoint.Set(parameter, value);
                try
                {
                    reader.Read(recipe.Path, recipe.Arguments with { Sets = [.. recipe.Arguments.Sets, set] });
                }
                catch (RecipeException misfit)
                {
                    foreach (var problem in misfit.Problems)
                    {
                        var isOfValue = problem.Location == SourceLocation.Of($"--set {set}");
                        problems.Add(isOfValue ? parameter.Location : problem.Location, $"sweep, {parameter.Name} = {SweepPoint.Show(value)}: {problem.Text}");
                    }
                }
            }
        }

        problems.ThrowIfAny();
    }
}
