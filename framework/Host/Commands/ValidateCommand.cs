using System.CommandLine;
using Experiments.Engine.Recipes;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Workers;
using Experiments.Engine.Yaml;
using Experiments.Host.Arguments;
using Experiments.Host.Display;

namespace Experiments.Host.Commands;

/// <summary><c>lab validate</c>.</summary>
public static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("validate", "Checks a recipe and reports all problems at once. Runs no code of its plugin files. With --json, each problem is a JSON line on standard output.");
        var recipeOptions = new RecipeOptions(command);
        command.Add(SharedOptions.Runs());
        var json = SharedOptions.Json();
        command.Add(json);
        command.Does(arguments =>
        {
            if (!arguments.GetValue(json))
            {
                return Check(recipeOptions, arguments, Console.WriteLine);
            }

            try
            {
                return Check(recipeOptions, arguments, _ => { });
            }
            catch (RecipeException problems)
            {
                problems.Problems.ToList().ForEach(problem => Console.WriteLine(ProblemDisplay.Json(problem).ToJsonString()));
                return ExitCodes.Wrong;
            }
        });
        return command;
    }

    private static int Check(RecipeOptions recipeOptions, ParseResult arguments, Action<string> say)
    {
        var catalog = Wiring.Catalog();
        var recipe = recipeOptions.Read(arguments, catalog);
        SweepCheck.Run(recipe, recipeOptions.Reader(arguments, catalog));
        foreach (var warning in MachineWarnings.Of(recipe, Environment.ProcessorCount))
        {
            Console.Error.WriteLine($"warning: {warning}");
        }

        var sweep = recipe.Sweep is { } plan ? $", a sweep of {plan.Trials} {(plan.Trials == 1 ? "run" : "runs")}" : "";
        say($"{recipe.Path}: {recipe.Stages.Count} stages{sweep}, no problems.");
        if (OwnRules.Of(recipe) is [_, ..] rules)
        {
            say($"Checked only by `lab run`, because the rules are code of the recipe's plugin files: {string.Join(", ", rules)}.");
        }

        return ExitCodes.Done;
    }
}
