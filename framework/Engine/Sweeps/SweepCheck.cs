using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Sweeps;

/// <summary>
/// Checks each value that a sweep may give its parameters against the recipe, before anything runs. For a range, it
/// checks the two ends.
/// </summary>
public static class SweepCheck
{
    /// <summary>Checks the values, one at a time.</summary>
    /// <param name="recipe">The recipe; a recipe without a sweep passes.</param>
    /// <param name="reader">Reads the recipe with each value.</param>
    /// <exception cref="RecipeException">A value is not valid. The exception holds all problems.</exception>
    public static void Run(CheckedRecipe recipe, RecipeReader reader)
    {
        var problems = new RecipeProblems();
        foreach (var parameter in recipe.Sweep?.Parameters ?? [])
        {
            IReadOnlyList<JsonNode?> values = parameter.Domain switch
            {
                Choice choice => choice.Values,
                Interval interval => [interval.FromScale(interval.Start), interval.FromScale(interval.End)],
                _ => [],
            };
            var misfits = values.Select(value => Try(recipe, reader, SweepPoint.Set(parameter, value))).ToList();
            var common = misfits.Aggregate(misfits[0].AsEnumerable(), (shared, misfit) => shared.Intersect(misfit)).ToList();
            common.ForEach(text => problems.Add(parameter.Location, $"sweep, '{parameter.Name}': {text}"));
            foreach (var (index, misfit) in misfits.Index())
            {
                misfit.Except(common).ToList().ForEach(text => problems.Add(parameter.ValueLocations[index], $"sweep, '{parameter.Name}': {text}"));
            }
        }

        problems.ThrowIfAny();
    }

    /// <summary>The problems of the recipe with a setting applied.</summary>
    private static IReadOnlyList<string> Try(CheckedRecipe recipe, RecipeReader reader, string set)
    {
        try
        {
            reader.Read(recipe.Path, recipe.Arguments with { Sets = [.. recipe.Arguments.Sets, set] });
            return [];
        }
        catch (RecipeException misfit)
        {
            return [.. misfit.Problems.Select(problem => problem.Text)];
        }
    }
}
