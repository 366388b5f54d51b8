using System.CommandLine;
using System.CommandLine.Parsing;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Experiments.Engine.Yaml;

namespace Experiments.Host.Arguments;

/// <summary>Turns failures that the user can fix into messages and exit codes.</summary>
public static class CommandFailures
{
    /// <summary>Sets a command's action.</summary>
    public static void Does(this Command command, Func<ParseResult, Task<int>> action) => command.SetAction(async (arguments, _) =>
    {
        try
        {
            RefuseUnknownOptions(arguments);
            return await action(arguments).ConfigureAwait(false);
        }
        catch (RecipeException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            await Console.Error.WriteLineAsync($"{problem.Problems.Count} {(problem.Problems.Count == 1 ? "problem" : "problems")}; nothing was run.").ConfigureAwait(false);
            return ExitCodes.Wrong;
        }
        catch (LeaseLostException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return ExitCodes.Interrupted;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted; // before the run had a folder
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

    /// <summary>The parser reads a mistyped option as an argument if the command has an optional argument.</summary>
    private static void RefuseUnknownOptions(ParseResult arguments)
    {
        if (arguments.Tokens.Any(token => token.Type == TokenType.DoubleDash))
        {
            return;
        }

        var words = arguments.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);
        if (words.FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal)) is { } option)
        {
            var command = arguments.CommandResult.Command.Name;
            throw new ArgumentException($"There is no option {option}; `lab {command} --help` lists all options. To use it as an argument, write it after --: lab {command} -- {option}");
        }
    }
}
