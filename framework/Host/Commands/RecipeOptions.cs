using System.CommandLine;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;

namespace Experiments.Host.Commands;

/// <summary>The arguments that name a recipe and change it, shared by the commands that read one.</summary>
public sealed class RecipeOptions
{
    private readonly Argument<string> _recipe = new("recipe") { Description = "The recipe: a YAML file." };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Sets one value of the recipe: PATH=YAML, as in --set vars.vocab=1024 or --set stages.base.with.steps=500. May be repeated.",
        HelpName = "path=value",
    };

    private readonly Option<string?> _profile = new("--profile") { Description = "Lays one of the recipe's profiles over it.", HelpName = "name" };

    /// <summary>Adds them to a command.</summary>
    public RecipeOptions(Command command)
    {
        command.Add(_recipe);
        command.Add(_set);
        command.Add(_profile);
    }

    /// <summary>Reads and checks the recipe.</summary>
    /// <exception cref="RecipeException">It has problems; all are in the exception.</exception>
    public CheckedRecipe Read(ParseResult arguments, PluginCatalog catalog) =>
        new RecipeReader(catalog) { PluginCache = GlobalOptions.PluginCache(arguments) }.Read(
            arguments.GetRequiredValue(_recipe),
            new RecipeArguments { Sets = arguments.GetValue(_set) ?? [], Profile = arguments.GetValue(_profile) });
}
