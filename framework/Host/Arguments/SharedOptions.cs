using System.CommandLine;
using System.Globalization;
using Experiments.Engine.Plugins;

namespace Experiments.Host.Arguments;

/// <summary>Options that many commands take.</summary>
public static class SharedOptions
{
    private const string RunsName = "--runs";

    /// <summary>The folder of runs and artifacts.</summary>
    public static Option<string> Runs() => new(RunsName)
    {
        Description = "The folder of runs and artifacts.",
        DefaultValueFactory = _ => "runs",
        HelpName = "folder",
    };

    /// <summary>
    /// The cache of compiled plugins, which is in the folder of runs; null for a command without that folder.
    /// </summary>
    public static string? PluginCache(ParseResult arguments) =>
        arguments.CommandResult.Command.Options.FirstOrDefault(option => option.Name == RunsName) is Option<string> runs
            ? PluginFiles.CacheIn(arguments.GetRequiredValue(runs))
            : null;

    /// <summary>An option that takes a whole number.</summary>
    /// <param name="name">The option's name, such as <c>--jobs</c>.</param>
    /// <param name="minimum">The smallest number that it takes.</param>
    /// <param name="description">What it means.</param>
    public static Option<int?> WholeNumber(string name, int minimum, string description) => new(name)
    {
        Description = description,
        HelpName = "n",
        CustomParser = result =>
        {
            var text = result.Tokens is [var token] ? token.Value : "";
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum)
            {
                return number;
            }

            result.AddError($"{name} takes a whole number from {minimum}, not '{text}'.");
            return null;
        },
    };

    /// <summary>Starts unfinished stages again.</summary>
    public static Option<bool> Fresh() => new("--fresh") { Description = "Starts unfinished stages again, instead of resuming from their checkpoints." };

    /// <summary>Switches to output for scripts.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Writes JSON lines, for scripts." };
}
