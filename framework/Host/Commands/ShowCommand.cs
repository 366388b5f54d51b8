using System.CommandLine;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;

namespace Experiments.Host.Commands;

/// <summary><c>lab show</c>.</summary>
public static class ShowCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("show", "Prints a recipe merged with the recipes that it extends, with variables replaced and defaults filled in. The output is itself a recipe. Comments mark values that come from elsewhere.");
        var recipeOptions = new RecipeOptions(command);
        var explain = new Option<string?>("--explain")
        {
            Description = "Shows where one value comes from and what it replaced: stages.base.with.optimizer.learning_rate, vars.vocab, stages.clean.with.steps.1.keep.",
            HelpName = "path",
        };
        var json = new Option<bool>("--json") { Description = "Writes JSON, for scripts." };
        command.Add(explain);
        command.Add(json);
        command.Does(arguments =>
        {
            var catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);
            var recipe = recipeOptions.Read(arguments, () => catalog);
            var explanation = arguments.GetValue(explain) is { } path ? Explanation.Of(recipe, catalog, path) : null;
            JsonNode shown = explanation is null ? recipe.Resolved : recipe.Secrets.Hide(explanation.ToJson());
            Console.Write(arguments.GetValue(json) ? CanonicalJson.Readable(shown) + "\n" : recipe.Secrets.Hide(explanation?.ToString() ?? RecipeWriter.Write(recipe)));
            return ExitCodes.Done;
        });
        return command;
    }
}
