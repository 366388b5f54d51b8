using System.CommandLine;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Experiments.Engine.Yaml;

namespace Experiments.Host.Commands;

/// <summary>Turns failures that the user can fix into messages and exit codes.</summary>
public static class CommandFailures
{
    /// <summary>Sets a command's action.</summary>
    public static void Does(this Command command, Func<ParseResult, Task<int>> action) => command.SetAction(async (arguments, _) =>
    {
        try
        {
            return await action(arguments).ConfigureAwait(false);
        }
        catch (RecipeException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            await Console.Error.WriteLineAsync($"{problem.Problems.Count} {(problem.Problems.Count == 1 ? "problem" : "problems")}; nothing was run.").ConfigureAwait(false);
            return ExitCodes.Wrong;
        }
        catch (Exception problem) when (problem is ArgumentException or FileNotFoundException or DirectoryNotFoundException or InvalidDataException or InvalidPluginException)
        {
            await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return ExitCodes.Wrong;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or TrackingUnavailableException)
        {
            await Console.Error.WriteLineAsync(DiskSpace.Explain(problem)).ConfigureAwait(false);
            return ExitCodes.Failed;
        }
    });

    /// <inheritdoc cref="Does(Command, Func{ParseResult, Task{int}})"/>
    public static void Does(this Command command, Func<ParseResult, int> action) => command.Does(arguments => Task.FromResult(action(arguments)));
}
