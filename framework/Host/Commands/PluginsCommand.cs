using System.CommandLine;
using Experiments.Contracts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Experiments.Engine.Yaml;
using Experiments.Host.Arguments;
using Experiments.Host.Display;

namespace Experiments.Host.Commands;

/// <summary><c>lab plugins</c>.</summary>
public static class PluginsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("plugins", "Lists all plugins by kind, or shows one with its inputs, outputs, options and metrics. Runs no code of plugin files.");
        var name = new Argument<string?>("name") { Description = "A plugin, or a kind such as filter.", Arity = ArgumentArity.ZeroOrOne };
        command.Add(name);
        var plugins = new PluginOptions(command, runs: false);
        var json = SharedOptions.Json();
        command.Add(SharedOptions.Runs());
        command.Add(json);
        command.Does(arguments =>
        {
            var catalog = plugins.Catalog(arguments);
            var wanted = arguments.GetValue(name);
            var named = catalog.Plugins.Where(plugin => plugin.Name == wanted).ToList();
            var listed = catalog.Plugins.Where(plugin => wanted is null || plugin.Kind == wanted).ToList();
            if (named.Count == 0 && listed.Count == 0)
            {
                string[] kinds = [.. catalog.Plugins.Select(plugin => plugin.Kind).Distinct()];
                var guess = Suggestion.Guess(wanted!, kinds.Concat(catalog.Plugins.Select(plugin => plugin.Name)));
                throw new UsageException($"There is no plugin or kind of plugin named '{wanted}'.{guess} Kinds: {string.Join(", ", kinds)}. `lab plugins` lists all plugins.");
            }

            if (arguments.GetValue(json))
            {
                (named.Count > 0 ? named : listed).ForEach(plugin => Console.WriteLine(PluginDisplay.Json(plugin).ToJsonString()));
            }
            else if (named.Count > 0)
            {
                named.ForEach(plugin => PluginDisplay.Write(plugin, Console.Out));
            }
            else
            {
                List(listed);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void List(IReadOnlyList<PluginDescription> plugins)
    {
        var width = plugins.Max(plugin => plugin.Name.Length);
        foreach (var kind in plugins.GroupBy(plugin => plugin.Kind))
        {
            Console.WriteLine($"{kind.Key}s");
            foreach (var plugin in kind)
            {
                Console.WriteLine($"  {plugin.Name.PadRight(width)}  {plugin.Summary}");
            }

            Console.WriteLine();
        }

        Console.WriteLine("`lab plugins NAME` shows a plugin's inputs, outputs, options and metrics.");
    }
}
