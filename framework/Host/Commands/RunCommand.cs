using System.CommandLine;
using Experiments.Engine.Execution;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;
using Experiments.Host.Display;
using Spectre.Console;

namespace Experiments.Host.Commands;

/// <summary><c>lab run</c>.</summary>
public static class RunCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("run", "Runs a recipe. Stages whose artifact is in the store are not run again. Interrupted stages resume from their last checkpoint.");
        var recipeOptions = new RecipeOptions(command);
        var trust = new TrustOptions(command);
        var only = new Option<string[]>("--only") { Description = "Runs only this stage. What it reads must be in the store. May be repeated.", HelpName = "stage" };
        var from = new Option<string?>("--from") { Description = "Runs only this stage and all stages that depend on it.", HelpName = "stage" };
        var until = new Option<string?>("--until") { Description = "Runs only this stage and all stages that it depends on.", HelpName = "stage" };
        var force = new Option<string[]>("--force") { Description = "Makes this stage again even if its artifact is in the store. May be repeated.", HelpName = "stage" };
        var fresh = SharedOptions.Fresh();
        var jobs = SharedOptions.WholeNumber(
            "--jobs", minimum: 1, "The largest number of stages that run at the same time. With N, a stage that trains uses 1/N of the cores. "
                + "Default: stages start while threads are free, and a stage that trains uses all cores.");
        var trial = new Option<string?>(TrialMark.Option) { Hidden = true };
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        foreach (var option in new Option[] { only, from, until, force, fresh, jobs, trial, runs, json })
        {
            command.Add(option);
        }

        command.Does(async arguments =>
        {
            var runsFolder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var parts = Wiring.Execute(runsFolder);
            var recipe = trust.Trusted(arguments, recipeOptions.ReadToRun(arguments, parts.Catalog, trust));
            if (!await OwnRulesCheck.PassesAsync(recipe, runsFolder).ConfigureAwait(false))
            {
                return ExitCodes.Wrong;
            }

            if (arguments.GetValue(trial) is null)
            {
                RefreshSchema(recipe, parts);
            }

            var selection = new RunSelection
            {
                Only = arguments.GetValue(only) ?? [],
                From = arguments.GetValue(from),
                Until = arguments.GetValue(until),
                Force = arguments.GetValue(force) ?? [],
                Fresh = arguments.GetValue(fresh),
            };
            var mark = arguments.GetValue(trial) is { } text ? TrialMark.Parse(text) : null;
            var request = new RunRequest(recipe, selection) { Jobs = arguments.GetValue(jobs), Trial = mark };
            return await RunAsync(parts, request, arguments.GetValue(json)).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>Brings the schema that editors use up to date. If that fails, the recipe runs all the same.</summary>
    private static void RefreshSchema(CheckedRecipe recipe, ExecutionParts parts)
    {
        try
        {
            SchemaFile.Refresh(recipe, parts.Catalog(), parts.RunsFolder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The schema for editors could not be written: {problem.Message}");
        }
    }

    /// <summary>Runs a recipe and shows its progress.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ExecutionParts parts, RunRequest request, bool json)
    {
        using var interruption = request.Trial is null ? new Interruption(Console.Error.WriteLine) : Interruption.OfChild(Console.Error.WriteLine);
        var result = await ShowAsync(json, parts.Time, display => ExecuteAsync(parts, request, display, interruption.Token)).ConfigureAwait(false);
        Conclude(result, json);
        return result.ExitCode;
    }

    private static Task<RunResult> ShowAsync(bool json, TimeProvider time, Func<IRunObserver, Task<RunResult>> run)
    {
        if (json)
        {
            return run(new JsonDisplay(Console.Out));
        }

        if (Console.IsOutputRedirected)
        {
            return run(new PlainDisplay(Console.Out, time));
        }

        var live = new TerminalDisplay(AnsiConsole.Console, time);
        return live.ShowAsync(() => run(live));
    }

    private static async Task<RunResult> ExecuteAsync(ExecutionParts parts, RunRequest request, IRunObserver display, CancellationToken interruption)
    {
        RunLog? log = null;
        try
        {
            return await parts.Execution
                .RunAsync(request, run => [log = new RunLog(run, parts.Time), display], Warn, interruption)
                .ConfigureAwait(false);
        }
        finally
        {
            log?.Dispose();
        }

        void Warn(string text)
        {
            if (log is null)
            {
                Console.Error.WriteLine(text); // before the run has a folder
            }
            else
            {
                log.Warn(text);
            }
        }
    }

    /// <summary>Prints warnings, and the path of the report if the run made one.</summary>
    private static void Conclude(RunResult result, bool json)
    {
        if (json)
        {
            return;
        }

        if (result.Run is null)
        {
            Console.WriteLine(Phrases.Of(result));
            foreach (var stage in result.Stages.Where(stage => stage.Warning is not null))
            {
                Console.WriteLine($"  {stage.Stage.Name}: warning: {stage.Warning}");
            }
        }

        var report = result.Stages.LastOrDefault(stage => stage.Artifact is not null && stage.Stage.Plugin.ReportsRun);
        if (report is not null)
        {
            Console.WriteLine($"Report: {Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(report.Artifact!.Folder, "report.md"))}");
        }
    }
}
