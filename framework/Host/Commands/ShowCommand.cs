using System.CommandLine;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Workers;

namespace Experiments.Host.Commands;

/// <summary><c>lab show</c>.</summary>
public static class ShowCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("show", "Prints a recipe with all that it extends, its variables and defaults in place: YAML that is itself a recipe, with a comment on each value that comes from elsewhere.");
        var recipeOptions = new RecipeOptions(command);
        var explain = new Option<string?>("--explain")
        {
            Description = "Says where one value comes from and what it took the place of: stages.base.with.optimizer.learning_rate, vars.vocab, stages.clean.with.steps.1.keep.",
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
            JsonNode shown = explanation is null ? recipe.Resolved : explanation.ToJson();
            Console.Write(arguments.GetValue(json) ? CanonicalJson.Readable(shown) + "\n" : explanation?.ToString() ?? RecipeWriter.Write(recipe));
            return ExitCodes.Done;
        });
        return command;
    }
}
