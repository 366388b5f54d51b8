using System.CommandLine;
using System.Text;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Workers;

namespace Experiments.Host.Commands;

/// <summary><c>lab schema</c>.</summary>
public static class SchemaCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("schema", "Writes the JSON schema of recipes. Editors use it to complete, explain and check them. The shipped recipes refer to runs/recipe.schema.json.");
        var target = new Option<string?>("--out") { Description = "The file to write, such as runs/recipe.schema.json. Default: standard output.", HelpName = "file" };
        command.Add(target);
        command.Does(arguments =>
        {
            var schema = RecipeSchema.Write(PluginCatalog.FromFolder(AppContext.BaseDirectory));
            if (arguments.GetValue(target) is not { } file)
            {
                Console.Write(schema);
                return ExitCodes.Done;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllText(file, schema);
            Console.WriteLine($"{file}: {Encoding.UTF8.GetByteCount(schema) / 1024} KiB.");
            return ExitCodes.Done;
        });
        return command;
    }
}
