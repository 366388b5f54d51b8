using System.CommandLine;
using System.CommandLine.Invocation;
using Experiments.Contracts;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Experiments.Engine.Yaml;
using Experiments.Host.Display;
using Spectre.Console;

namespace Experiments.Host.Arguments;

/// <summary>Turns failures into messages and exit codes.</summary>
public static class CommandFailures
{
    /// <summary>Carries out a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(ParseResult call)
    {
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }); // its own escapes are obeyed
        Console.SetOut(new DisarmedWriter(Console.Out));
        Console.SetError(new DisarmedWriter(Console.Error));
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) => BugReport.Write(unhandled.ExceptionObject);
        if (call.Action is not ParseErrorAction && CallErrors.Of(call) is [])
        {
            return await call.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }).ConfigureAwait(false);
        }

        CallErrors.Of(call).ToList().ForEach(Console.Error.WriteLine);
        return ExitCodes.Wrong;
    }

    /// <summary>Sets a command's action.</summary>
    public static void Does(this Command command, Func<ParseResult, Task<int>> action) => command.SetAction(async (arguments, _) =>
    {
        try
        {
            return await action(arguments).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            return Report(problem);
        }
    });

    /// <inheritdoc cref="Does(Command, Func{ParseResult, Task{int}})"/>
    public static void Does(this Command command, Func<ParseResult, int> action) => command.Does(arguments => Task.FromResult(action(arguments)));

    private static int Report(Exception problem)
    {
        switch (problem)
        {
            case RecipeException recipe:
                Console.Error.WriteLine(recipe.Message);
                Console.Error.WriteLine($"{recipe.Problems.Count} {(recipe.Problems.Count == 1 ? "problem" : "problems")}; nothing was run.");
                return ExitCodes.Wrong;
            case LeaseLostException:
                Console.Error.WriteLine(problem.Message);
                return ExitCodes.Interrupted;
            case OperationCanceledException:
                return ExitCodes.Interrupted; // before the run had a folder
            case UsageException or FileNotFoundException or DirectoryNotFoundException or InvalidDataException or InvalidPluginException:
                Console.Error.WriteLine(problem.Message);
                return ExitCodes.Wrong;
            case IOException or UnauthorizedAccessException or TrackingUnavailableException:
                Console.Error.WriteLine(DiskSpace.Explain(problem));
                return ExitCodes.Failed;
            default:
                BugReport.Write(problem);
                return ExitCodes.Failed;
        }
    }
}
