using System.CommandLine;
using Experiments.Contracts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Yaml;

namespace Experiments.Host.Arguments;

/// <summary>The arguments that name and change a recipe, shared by all commands that read one.</summary>
public sealed class RecipeOptions
{
    private readonly Argument<string?> _recipe;
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Sets one value of the recipe: PATH=YAML, such as --set vars.vocab=1024 or --set stages.base.with.steps=500. May be repeated.",
        HelpName = "path=value",
    };

    private readonly Option<string?> _profile = new("--profile") { Description = "Applies one of the recipe's profiles.", HelpName = "name" };

    /// <summary>Adds the arguments to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="isOptional">Whether the recipe may be left out; then the recipe of the newest run is used.</param>
    public RecipeOptions(Command command, bool isOptional = false)
    {
        _recipe = new("recipe")
        {
            Description = isOptional ? "The recipe: a YAML file. Default: the recipe of the newest run, with its settings and profile." : "The recipe: a YAML file.",
            Arity = isOptional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
        command.Add(_recipe);
        command.Add(_set);
        command.Add(_profile);
    }

    /// <summary>Reads and checks the recipe.</summary>
    /// <exception cref="RecipeException">The recipe has problems. The exception holds all of them.</exception>
    public CheckedRecipe Read(ParseResult arguments, Func<PluginCatalog> catalog) =>
        Reader(arguments, catalog).Read(arguments.GetRequiredValue(_recipe)!, Given(arguments));

    /// <summary>
    /// Reads and checks the recipe for a command that runs it, if <see cref="TrustOptions.Trusted(ParseResult,
    /// CheckedRecipe)"/> allows it.
    /// </summary>
    /// <exception cref="RecipeException">The recipe has problems. The exception holds all of them.</exception>
    public CheckedRecipe ReadToRun(ParseResult arguments, Func<PluginCatalog> catalog, TrustOptions trust) =>
        Reader(arguments, catalog, trust.IsCompiledByUser).Read(arguments.GetRequiredValue(_recipe)!, Given(arguments));

    /// <summary>Reads and checks the recipe, and checks the rules of its plugin files by running their code.</summary>
    /// <exception cref="RecipeException">The recipe has problems. The exception holds all of them.</exception>
    /// <exception cref="UsageException">The user does not trust a file.</exception>
    public void ReadByItsOwnRules(ParseResult arguments, Func<PluginCatalog> catalog, TrustOptions trust)
    {
        var reader = new RecipeReader(catalog)
        {
            PluginCache = SharedOptions.PluginCache(arguments),
            AcceptsCompiled = trust.IsCompiledByUser,
            RunsCodeOf = files =>
            {
                trust.Require(arguments, files);
                return true;
            },
        };
        reader.Read(arguments.GetRequiredValue(_recipe)!, Given(arguments));
    }

    /// <summary>The reader of recipes for a command.</summary>
    public RecipeReader Reader(ParseResult arguments, Func<PluginCatalog> catalog, Func<string, bool>? acceptsCompiled = null) =>
        new(catalog) { PluginCache = SharedOptions.PluginCache(arguments), AcceptsCompiled = acceptsCompiled };

    /// <summary>
    /// Reads and checks the recipe that is named. Without a name, reads that of the newest run, with its arguments and
    /// then the given ones.
    /// </summary>
    /// <exception cref="RecipeException">The recipe has problems. The exception holds all of them.</exception>
    /// <exception cref="UsageException">No recipe is named, and no run recorded its recipe.</exception>
    public CheckedRecipe Read(ParseResult arguments, Func<PluginCatalog> catalog, RunCatalog runs)
    {
        if (arguments.GetValue(_recipe) is not null)
        {
            return Read(arguments, catalog);
        }

        var call = runs.Runs.Select(run => run.Call).FirstOrDefault(call => call is not null)
            ?? throw new UsageException("There is no run whose recipe could be used. Name a recipe.");
        var given = Given(arguments);
        return new RecipeReader(catalog) { WorkingDirectory = call.WorkingDirectory, PluginCache = SharedOptions.PluginCache(arguments) }
            .Read(call.Recipe, new RecipeArguments { Sets = [.. call.Arguments.Sets, .. given.Sets], Profile = given.Profile ?? call.Arguments.Profile });
    }

    private RecipeArguments Given(ParseResult arguments) => new() { Sets = arguments.GetValue(_set) ?? [], Profile = arguments.GetValue(_profile) };
}
