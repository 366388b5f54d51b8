using System.CommandLine;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Tracking;
using Experiments.Engine.Workers;
using Experiments.Host.Display;
using Microsoft.Extensions.DependencyInjection;

namespace Experiments.Host.Commands;

/// <summary><c>lab sweep</c>.</summary>
public static class SweepCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("sweep", "Runs a recipe at each point of its sweep: a grid of values, random ones, or those that tpe proposes. Given again, it goes on where it was.");
        var recipeOptions = new RecipeOptions(command);
        var planOnly = new Option<bool>("--plan") { Description = "Lists the trials without running any." };
        var parallel = new Option<int>("--parallel") { Description = "Trials side by side, each with its share of the cores and the memory. Default: 1.", DefaultValueFactory = _ => 1, HelpName = "n" };
        parallel.Validators.Add(result =>
        {
            if (result.GetValue(parallel) < 1)
            {
                result.AddError("--parallel wants a whole number from 1.");
            }
        });
        var until = new Option<string?>("--until") { Description = "Runs of each trial only this stage and all that it depends on. Default: the whole recipe.", HelpName = "stage" };
        var retry = new Option<bool>("--retry-failed") { Description = "Runs again what failed. Without it a failed trial stays failed, as what tpe proposes depends on it." };
        var runs = GlobalOptions.Runs();
        var json = GlobalOptions.Json();
        foreach (var option in new Option[] { planOnly, parallel, until, retry, runs, json })
        {
            command.Add(option);
        }

        command.Does(async arguments =>
        {
            var runsFolder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var services = Wiring.Build(runsFolder);
            var catalog = services.GetRequiredService<Func<PluginCatalog>>();
            var recipe = recipeOptions.Read(arguments, catalog);
            var plan = recipe.Sweep ?? throw new ArgumentException($"{recipe.Path}: the recipe has no 'sweep'. It says what is tried: sweep: {{ space: {{ lr: {{ path: stages.base.with.optimizer.learning_rate, values: [3e-4, 1e-3] }} }}, objective: {{ minimize: base.validation_loss }} }}.");
            SweepCheck.Run(recipe, recipeOptions.Reader(arguments, catalog));
            var display = arguments.GetValue(json) ? (ISweepObserver)new SweepJsonDisplay(Console.Out) : new SweepDisplay(Console.Out);
            var known = SweepFolder.Find(Path.Combine(runsFolder, recipe.Name), recipe.Resolved, plan);
            if (arguments.GetValue(planOnly))
            {
                SweepTrials.Write(plan, known, arguments.GetValue(json));
                return ExitCodes.Done;
            }

            var selected = new RunSelection { Until = arguments.GetValue(until) };
            if (!selected.Apply(recipe).Contains(plan.Objective.Stage))
            {
                throw new ArgumentException($"--until {selected.Until} leaves out '{plan.Objective.Stage}', whose '{plan.Objective.Metric}' is the objective.");
            }

            return await RunAsync(services, recipe, plan, runsFolder, arguments.GetValue(parallel), selected.Until, arguments.GetValue(retry), display).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, CheckedRecipe recipe, SweepPlan plan, string runsFolder, int parallel, string? until, bool retries, ISweepObserver display)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var recipeFolder = Path.Combine(runsFolder, recipe.Name);
        var target = TrackingTarget.Resolve(recipe.Tracking.Uri, Environment.GetEnvironmentVariable(TrackingTarget.Variable), runsFolder);
        using var sweep = SweepFolder.OpenOrCreate(recipeFolder, recipe.Resolved, plan, time);
        using var interruption = new Interruption(Console.Error.WriteLine);
        using var journal = TrackingJournal.Open(sweep.Folder.AsRun.TrackingFile, time);
        var facts = await RunFacts.CollectAsync(recipe.Path, CancellationToken.None).ConfigureAwait(false);
        var tracked = new TrackedSweep(journal, facts, recipe.Name, time);
        await using var sender = TrackingSender.Start(journal, target.Open(recipe.Tracking.Experiment ?? recipe.Name, time, Console.Error.WriteLine), time, Console.Error.WriteLine);
        var runs = new TrialRuns(services.GetRequiredService<ArtifactStore>(), recipeFolder, sweep.Folder.Id, plan.Objective);
        var trials = new TrialProcess(recipe, sweep.Folder, runs, WorkerCommand.Own("run"), time) { RunsFolder = runsFolder, Beside = parallel, Until = until };
        var runner = new SweepRunner(plan, trials, time) { Parallel = parallel, RetriesFailed = retries };
        try
        {
            var result = await runner.RunAsync(sweep, new SweepObservers([tracked, display]), interruption.Token).ConfigureAwait(false);
            return result.ExitCode;
        }
        finally
        {
            await sender.FinishAsync().ConfigureAwait(false);
        }
    }
}
