using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Sweeps;

/// <summary>
/// Checks each value that a sweep may give its parameters against the recipe, before anything runs. For a range, it
/// checks the two ends. Of very many values it checks the first, the last and an even selection of the others; those
/// that are left out are checked when their trials start.
/// </summary>
public static class SweepCheck
{
    /// <summary>Values of recipes that the check may read. It reads the whole recipe for each value of a parameter.</summary>
    private const int MostRead = 200_000;

    /// <summary>Checks the values, one at a time.</summary>
    /// <param name="recipe">The recipe; a recipe without a sweep passes.</param>
    /// <param name="reader">Reads the recipe with each value.</param>
    /// <exception cref="RecipeException">A value is not valid. The exception holds all problems.</exception>
    public static void Run(CheckedRecipe recipe, RecipeReader reader)
    {
        var problems = new RecipeProblems();
        IReadOnlyList<SweepParameter> parameters = recipe.Sweep?.Parameters ?? [];
        var most = Math.Max(2, MostRead / RecipeSize.Of(recipe.Written) / Math.Max(1, parameters.Count));
        foreach (var parameter in parameters)
        {
            var tried = Values(parameter, most)
                .Select(value => (value.Place, Misfit: Try(recipe, reader, SweepPoint.Set(parameter, value.Value))))
                .ToList();
            var common = tried.Select(value => value.Misfit).Aggregate((shared, misfit) => [.. shared.Intersect(misfit)]);
            foreach (var text in common)
            {
                problems.Add(parameter.Location, $"sweep, '{parameter.Name}': {text}");
            }

            foreach (var (place, text) in tried.SelectMany(value => value.Misfit.Except(common).Select(text => (value.Place, text))))
            {
                problems.Add(place, $"sweep, '{parameter.Name}': {text}");
            }
        }

        problems.ThrowIfAny();
    }

    /// <summary>At most so many values of a parameter, each with its place.</summary>
    private static IEnumerable<(JsonNode? Value, SourceLocation Place)> Values(SweepParameter parameter, int most)
    {
        var values = parameter.Domain is Interval interval ? [interval.FromScale(interval.Start), interval.FromScale(interval.End)] : ((Choice)parameter.Domain).Values;
        var taken = Math.Min(most, values.Count);
        return from number in Enumerable.Range(0, taken)
               let index = taken == 1 ? 0 : (int)((long)number * (values.Count - 1) / (taken - 1))
               select (values[index], parameter.ValueLocations[index]);
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
