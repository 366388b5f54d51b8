using System.CommandLine;
using Experiments.Engine.Execution;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Tracking;
using Experiments.Host.Display;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Experiments.Host.Commands;

/// <summary><c>lab run</c>.</summary>
public static class RunCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("run", "Runs a recipe. What is in the store is not run again; what was broken off goes on from its last checkpoint.");
        var recipeOptions = new RecipeOptions(command);
        var only = new Option<string[]>("--only") { Description = "Runs only this stage; what it reads must be in the store. May be repeated.", HelpName = "stage" };
        var from = new Option<string?>("--from") { Description = "Runs this stage and all that depends on it.", HelpName = "stage" };
        var until = new Option<string?>("--until") { Description = "Runs this stage and all that it depends on.", HelpName = "stage" };
        var force = new Option<string[]>("--force") { Description = "Makes this stage again although it is in the store. May be repeated.", HelpName = "stage" };
        var jobs = new Option<int?>("--jobs")
        {
            Description = "Runs this many stages side by side at most, and gives each that trains its share of the cores. Default: stages run side by side as threads are free; one that trains takes all cores.",
            HelpName = "n",
        };
        jobs.Validators.Add(result =>
        {
            if (result.GetValue(jobs) is < 1)
            {
                result.AddError("--jobs wants a whole number from 1.");
            }
        });
        var trial = new Option<string?>(TrialMark.Option) { Hidden = true };
        var runs = GlobalOptions.Runs();
        var json = GlobalOptions.Json();
        foreach (var option in new Option[] { only, from, until, force, jobs, trial, runs, json })
        {
            command.Add(option);
        }

        command.Does(async arguments =>
        {
            var runsFolder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var services = Wiring.Build(runsFolder);
            var recipe = recipeOptions.Read(arguments, services.GetRequiredService<Func<PluginCatalog>>());
            var selection = new RunSelection
            {
                Only = arguments.GetValue(only) ?? [],
                From = arguments.GetValue(from),
                Until = arguments.GetValue(until),
                Force = arguments.GetValue(force) ?? [],
            };
            var mark = arguments.GetValue(trial) is { } text ? TrialMark.Parse(text) : null;
            return await RunAsync(services, recipe, selection, arguments.GetValue(jobs), runsFolder, arguments.GetValue(json), mark).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>Runs a recipe and shows how it goes.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, CheckedRecipe recipe, RunSelection selection, int? jobs, string runsFolder, bool json, TrialMark? trial = null)
    {
        var target = TrackingTarget.Resolve(recipe.Tracking.Uri, Environment.GetEnvironmentVariable(TrackingTarget.Variable), runsFolder);
        using var interruption = trial is null ? new Interruption(Console.Error.WriteLine) : Interruption.OfChild(Console.Error.WriteLine);
        var limits = trial is null ? RunLimits.OfThisMachine(jobs) : RunLimits.ShareOfThisMachine(trial.Beside);
        var result = await ShowAsync(
            json,
            services.GetRequiredService<TimeProvider>(),
            display => ExecuteAsync(services, recipe, selection, limits, target, runsFolder, display, trial, interruption.Token)).ConfigureAwait(false);
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

    private static async Task<RunResult> ExecuteAsync(
        IServiceProvider services, CheckedRecipe recipe, RunSelection selection, RunLimits limits, TrackingTarget target, string runsFolder, IRunObserver display, TrialMark? trial,
        CancellationToken interruption)
    {
        var time = services.GetRequiredService<TimeProvider>();
        RunLog? log = null;
        TrackingJournal? journal = null;
        TrackingSender? sender = null;
        SystemSampling? sampling = null;
        using var end = new CancellationTokenSource();
        var earlier = Task.CompletedTask;
        try
        {
            return await services.GetRequiredService<RunExecutor>().RunAsync(recipe, selection, limits, async run =>
            {
                log = new RunLog(run, time);
                journal = TrackingJournal.Open(run.TrackingFile, time);
                sender = TrackingSender.Start(journal, target.Open(recipe.Tracking.Experiment ?? recipe.Name, time, log.Warn), time, log.Warn);
                sampling = recipe.Tracking.SystemMetricsEvery is { } every ? new(journal, new SystemMetrics(run.Path), every, time, log.Warn) : null;
                earlier = Task.Run(() => SendEarlierAsync(runsFolder, time, end.Token), CancellationToken.None);
                var facts = await RunFacts.CollectAsync(recipe.Path, CancellationToken.None).ConfigureAwait(false);
                return new CompositeObserver([log, new TrackedRun(journal, facts, sampling, trial), display]);
            }, interruption, trial).ConfigureAwait(false);
        }
        finally
        {
            sampling?.Dispose();
            await end.CancelAsync().ConfigureAwait(false);
            await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (sender is not null)
            {
                await sender.FinishAsync().ConfigureAwait(false);
                await sender.DisposeAsync().ConfigureAwait(false);
            }

            journal?.Dispose();
            log?.Dispose();
        }
    }

    // On the side, so nothing is said of it: `lab sync` tells what does not go.
    private static async Task SendEarlierAsync(string runsFolder, TimeProvider time, CancellationToken end)
    {
        var earlier = new EarlierRuns(runsFolder, Environment.GetEnvironmentVariable(TrackingTarget.Variable), time, _ => { });
        await foreach (var _ in earlier.SendAsync(onlyUnsent: true, end).ConfigureAwait(false))
        {
        }
    }

    /// <summary>Where to look next: the report, when the run made one.</summary>
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

        var report = result.Stages.LastOrDefault(stage => stage.Artifact is not null && stage.Stage.Plugin.Name == "report");
        if (report is not null)
        {
            Console.WriteLine($"Report: {Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(report.Artifact!.Folder, "report.md"))}");
        }
    }
}
