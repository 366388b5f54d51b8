using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Planning;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Execution;

/// <summary>Executes a recipe: opens its run, executes its stages, and writes the journal.</summary>
public sealed class RunExecutor(ArtifactStore store, IWorkerLauncher launcher, string runsFolder, TimeProvider time)
{
    /// <summary>Runs a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="selection">The stages to execute.</param>
    /// <param name="limits">The resources that the run may use.</param>
    /// <param name="observers">Creates the observers, including the one for tracking, when the run has a
    /// folder.</param>
    /// <param name="interruption">Makes the stages save a checkpoint and stop.</param>
    /// <param name="warn">Receives messages for the user before the run has a folder.</param>
    /// <param name="trial">The sweep's trial that this run is, or null. A trial always has its own run, even when there
    /// is nothing to do.</param>
    /// <returns>The result. It has no folder when all artifacts exist and the newest run of the same recipe is
    /// done.</returns>
    public async Task<RunResult> RunAsync(
        CheckedRecipe recipe, RunSelection selection, RunLimits limits, Func<Opened<RunFolder>, Task<IRunObserver>> observers, CancellationToken interruption, Action<string>? warn = null, TrialMark? trial = null)
    {
        var start = time.GetTimestamp();
        var selected = selection.Apply(recipe);
        IReadOnlyList<string> pluginAssemblies = [.. recipe.Plugins.Select(file => file.AssemblyPath
            ?? throw new IOException($"{file.Path} was compiled, but could not be saved in {PluginFiles.CacheIn(runsFolder)}, from where the workers load it."))];
        var recipeFolder = Path.Combine(runsFolder, recipe.Name);
        var history = new RunHistory(recipeFolder);
        var planner = new Planner(store, history) { StartsAfresh = selection.Fresh };
        if (trial is null && selection.Force.Count == 0 && UnchangedSinceLastRun(recipe, planner, recipeFolder) is { } unchanged)
        {
            return new RunResult(null, unchanged, time.GetElapsedTime(start));
        }

        using var opened = await RunFolder.OpenOrCreateAsync(recipeFolder, recipe.Resolved, time, warn ?? (_ => { }), interruption).ConfigureAwait(false);
        opened.Lease.Warn = warn;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption, opened.Lease.Lost);
        using var journal = RunJournal.Open(opened.Folder.JournalFile, time, opened.Lease);
        var observer = await observers(opened).ConfigureAwait(false);
        journal.Append(RunEvents.RunStarted, new JsonObject
        {
            ["host"] = Environment.MachineName,
            ["process"] = Environment.ProcessId,
            ["place"] = ProcessIdentity.Own.Place,
            ["epoch"] = opened.Lease.Epoch,
            ["run"] = opened.Folder.Id,
            ["resumed"] = opened.IsResumed,
            ["recipe"] = Digest.OfText(CanonicalJson.Text(recipe.Resolved)),
            ["sweep"] = trial?.Sweep,
            ["trial"] = trial?.Number,
            ["call"] = new RunCall(recipe.Path, Environment.CurrentDirectory, recipe.Arguments, selection, limits.Asked).ToJson(),
        });
        observer.RunStarted(opened.Folder, opened.IsResumed, recipe);

        var runner = new StageRunner(store, planner, launcher, time) { PluginAssemblies = pluginAssemblies, PluginSources = [.. recipe.Plugins.Select(file => file.Path)], Secrets = recipe.Secrets };
        var schedule = new StageSchedule(recipe, store, planner, runner, journal, observer)
        {
            Selected = selected,
            IsForced = selection.Forces,
            Budget = new StageBudget(limits),
            LastPeakMemory = history.LastPeakMemory,
        };
        var runs = await schedule.RunAsync(stop.Token).ConfigureAwait(false);

        var result = new RunResult(opened.Folder, runs, time.GetElapsedTime(start));
        journal.Append(RunEvents.RunEnded, new JsonObject { ["status"] = result.Status.Word() });
        observer.RunEnded(result);
        return result;
    }

    /// <summary>
    /// The stages with their artifacts, if all artifacts exist and the newest run of the same recipe is done; otherwise
    /// null.
    /// </summary>
    private static IReadOnlyList<StageRun>? UnchangedSinceLastRun(CheckedRecipe recipe, Planner planner, string recipeFolder)
    {
        if (RunFolder.Of(recipeFolder).FirstOrDefault() is not { } last || !last.IsDone(recipe.Resolved))
        {
            return null;
        }

        try
        {
            var plan = planner.Plan(recipe);
            return plan.All(stage => stage.State == StageState.Hit)
                ? [.. plan.Select(stage => new StageRun(stage.Stage, StageOutcome.Found, Artifact: stage.Artifact, Warning: stage.Warning))]
                : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null; // the run will say which stage it concerns
        }
    }
}
