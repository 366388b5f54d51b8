using System.CommandLine;
using System.Text;
using Experiments.Engine.Recipes;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;

namespace Experiments.Host.Commands;

/// <summary><c>lab schema</c>.</summary>
public static class SchemaCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "schema",
            "Writes the JSON schema of recipes. Editors use it to complete, explain and check them. The shipped recipes refer to runs/recipe.schema.json. "
            + "A recipe with plugins of its own needs a schema of its own. `lab run` keeps the file that a recipe refers to up to date.");
        var recipe = new Argument<string?>("recipe") { Description = "A recipe, whose own plugins the schema then knows too.", Arity = ArgumentArity.ZeroOrOne };
        var target = new Option<string?>("--out") { Description = "The file to write, such as runs/recipe.schema.json. Default: standard output.", HelpName = "file" };
        command.Add(recipe);
        command.Add(target);
        var plugins = new PluginOptions(command, runs: false);
        command.Add(SharedOptions.Runs());
        command.ShowsExamples("""
            lab schema --out runs/recipe.schema.json
            lab schema own/mentions.yaml --out runs/mentions.schema.json
            """);
        command.Does(arguments =>
        {
            var catalog = plugins.Catalog(arguments);
            var path = arguments.GetValue(recipe);
            if (path is not null)
            {
                catalog = new RecipeReader(catalog) { PluginCache = SharedOptions.PluginCache(arguments) }.ReadPlugins(path);
            }

            if (arguments.GetValue(target) is not { } file)
            {
                Console.Write(RecipeSchema.Write(catalog));
                return ExitCodes.Done;
            }

            var schema = new SchemaFile(Path.GetFullPath(file));
            Console.WriteLine($"{file}: {Encoding.UTF8.GetByteCount(schema.Write(catalog)) / 1024} KiB.");
            if (path is not null && SchemaFile.NamedBy(path) != schema)
            {
                Console.WriteLine($"Make this the first line of {path}:\n{schema.Comment(path)}");
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
