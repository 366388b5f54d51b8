using System.CommandLine;
using Experiments.Engine.Recipes;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;

namespace Experiments.Host.Commands;

/// <summary><c>lab validate</c>.</summary>
public static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("validate", "Checks a recipe and reports all problems at once.");
        var recipeOptions = new RecipeOptions(command);
        command.Add(SharedOptions.Runs());
        command.Does(arguments =>
        {
            var catalog = Wiring.Catalog();
            var recipe = recipeOptions.Read(arguments, catalog);
            SweepCheck.Run(recipe, recipeOptions.Reader(arguments, catalog));
            foreach (var warning in MachineWarnings.Of(recipe, Environment.ProcessorCount))
            {
                Console.Error.WriteLine($"warning: {warning}");
            }

            var sweep = recipe.Sweep is { } plan ? $", a sweep of {plan.Trials} {(plan.Trials == 1 ? "run" : "runs")}" : "";
            Console.WriteLine($"{recipe.Path}: {recipe.Stages.Count} stages{sweep}, no problems.");
            return ExitCodes.Done;
        });
        return command;
    }
}
