using System.Text;
using Experiments.Contracts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Yaml;

namespace Experiments.Conventions.Tests;

/// <summary>
/// Checks damaged recipes, as <c>lab validate</c> does. Each must be right, or wrong with problems that all have a place; no other
/// exception may come.
/// </summary>
/// <param name="recipes">The texts of whole recipes, from which damaged ones are made.</param>
/// <param name="catalog">The shipped plugins.</param>
/// <param name="folder">A folder for the damaged recipes, with the files that they may name.</param>
internal sealed class RecipeFuzz(IReadOnlyList<string> recipes, PluginCatalog catalog, string folder)
{
    /// <summary>The fault that a damaged recipe brings up, with its text; null when all is well.</summary>
    /// <param name="seed">The seed of the whole series.</param>
    /// <param name="number">The number of the recipe in the series.</param>
    public string? FaultOf(ulong seed, int number)
    {
        var random = new RandomStream(seed, "recipe", number);
        var text = RecipeDamage.Make(recipes, ref random);
        string[] sets = random.NextDouble() < 0.3 ? [RecipeDamage.Setting(recipes, ref random)] : [];
        var profile = random.NextDouble() < 0.2 ? "smoke" : null;
        var name = $"fuzz-{Environment.CurrentManagedThreadId}.yaml";
        File.WriteAllBytes(Path.Combine(folder, name), Encoding.UTF8.GetBytes(text));
        try
        {
            var reader = new RecipeReader(catalog) { WorkingDirectory = folder, EnvironmentVariables = _ => null };
            var recipe = reader.Read(name, new RecipeArguments { Sets = sets, Profile = profile });
            SweepCheck.Run(recipe, reader);
            return null;
        }
        catch (RecipeException wrong)
        {
            return wrong.Problems.FirstOrDefault(problem => !IsPlaced(problem)) is { } fault ? Report(fault.ToString()) : null;
        }
        catch (Exception fault)
        {
            return Report(fault.ToString());
        }

        string Report(string fault) => $"recipe {number} of seed {seed}, --set {string.Join(' ', sets)}, profile {profile}\n{fault}\n--- the recipe\n{text}\n---";
    }

    /// <summary>Whether a problem names its place, and reads as a message and not as an exception.</summary>
    private static bool IsPlaced(RecipeProblem problem) =>
        (problem.Location.Line > 0 ? problem.Location.Column > 0 && problem.Location.File.Length > 0 : problem.Location.File.StartsWith("--", StringComparison.Ordinal))
        && problem.Text.Length > 10
        && !problem.Text.Contains("Exception", StringComparison.Ordinal)
        && !problem.Text.Contains("(Parameter '", StringComparison.Ordinal)
        && !problem.Text.Contains("System.", StringComparison.Ordinal);
}
