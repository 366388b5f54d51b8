using System.CommandLine;
using Experiments.Engine.Execution;

namespace Experiments.Host.Commands;

/// <summary><c>lab validate</c>.</summary>
public static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("validate", "Checks a recipe and reports all its problems at once.");
        var recipeOptions = new RecipeOptions(command);
        command.Add(GlobalOptions.Runs());
        command.Does(arguments =>
        {
            var recipe = recipeOptions.Read(arguments, Wiring.Catalog());
            Console.WriteLine($"{recipe.Path}: {recipe.Stages.Count} stages, no problems.");
            return ExitCodes.Done;
        });
        return command;
    }
}
