using System.CommandLine;
using Experiments.Contracts;
using Experiments.Engine.Workers;
using Experiments.Engine.Yaml;
using Experiments.Host.Arguments;

namespace Experiments.Host.Commands;

/// <summary>
/// <c>lab check</c>, which <c>lab run</c> starts before the first stage: it reads the recipe as <c>lab validate</c> does,
/// and also checks the rules that are code of the recipe's plugin files. This code runs in a process of its own.
/// </summary>
public static class CheckCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "check";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(Name, "Checks a recipe by the rules of its plugin files too; started by `lab run`.") { Hidden = true };
        var recipeOptions = new RecipeOptions(command);
        var trust = new TrustOptions(command);
        command.Add(SharedOptions.Runs());
        command.Does(arguments =>
        {
            try
            {
                recipeOptions.ReadByItsOwnRules(arguments, Wiring.Catalog(), trust);
                return ExitCodes.Done;
            }
            catch (Exception problem) when (problem is not (RecipeException or UsageException))
            {
                Console.Error.WriteLine($"The code of a plugin file failed while it checked the recipe: {problem.GetBaseException()}");
                return ExitCodes.Wrong;
            }
        });
        return command;
    }
}
