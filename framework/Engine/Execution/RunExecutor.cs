using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Planning;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Execution;

/// <summary>
/// Executes a recipe's DAG: stages that are in the store are found, the others run, in topological order. A failure skips what depends on it;
/// independent branches go on.
/// </summary>
public sealed class RunExecutor(ArtifactStore store, WorkerCommand command, string runsFolder, TimeProvider time)
{
    /// <summary>Runs a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="selection">Which of its stages.</param>
    /// <param name="observers">Makes what hears how it goes, tracking included, once the run has a folder.</param>
    /// <param name="interruption">Saves a checkpoint and stops.</param>
    /// <returns>What came of it; without a folder when everything was there and the last run said so already.</returns>
    public async Task<RunResult> RunAsync(CheckedRecipe recipe, RunSelection selection, Func<RunFolder, Task<IRunObserver>> observers, CancellationToken interruption)
    {
        var start = time.GetTimestamp();
        var selected = selection.Apply(recipe);
        IReadOnlyList<string> pluginAssemblies = [.. recipe.Plugins.Select(file => file.AssemblyPath
            ?? throw new IOException($"{file.Path} was compiled, but could not be kept in {PluginFiles.CacheIn(runsFolder)}, where the stages' processes look for it."))];
        var recipeFolder = Path.Combine(runsFolder, recipe.Name);
        var planner = new Planner(store, new RunHistory(recipeFolder));
        if (selection.Force.Count == 0 && UnchangedSinceLastRun(recipe, planner, recipeFolder) is { } unchanged)
        {
            return new RunResult(null, unchanged, time.GetElapsedTime(start));
        }

        var (folder, isResumed) = RunFolder.OpenOrCreate(recipeFolder, recipe.Resolved, time);
        using var journal = RunJournal.Open(folder.JournalFile, time);
        var observer = await observers(folder).ConfigureAwait(false);
        journal.Append(RunEvents.RunStarted, new JsonObject { ["process"] = Environment.ProcessId, ["resumed"] = isResumed });
        observer.RunStarted(folder, isResumed, recipe);

        var runner = new StageRunner(store, planner, command, time) { PluginAssemblies = pluginAssemblies };
        Dictionary<string, StoredArtifact> made = [];
        List<StageRun> runs = [];
        foreach (var stage in recipe.Stages)
        {
            var run = await RunStageAsync(stage).ConfigureAwait(false);
            if (run.Outcome is StageOutcome.Made or StageOutcome.Found)
            {
                made[stage.Name] = run.Artifact!;
            }

            runs.Add(run);
            observer.StageEnded(run);
        }

        var result = new RunResult(folder, runs, time.GetElapsedTime(start));
        var status = result.ExitCode switch { ExitCodes.Done => RunEvents.Done, ExitCodes.Interrupted => RunEvents.Interrupted, _ => RunEvents.Failed };
        journal.Append(RunEvents.RunEnded, new JsonObject { ["status"] = status });
        observer.RunEnded(result);
        return result;

        async Task<StageRun> RunStageAsync(BoundStage stage)
        {
            if (interruption.IsCancellationRequested)
            {
                return new StageRun(stage, StageOutcome.Interrupted);
            }

            if (stage.Upstream.FirstOrDefault(name => !made.ContainsKey(name)) is { } missing)
            {
                journal.Append(RunEvents.StageSkipped, new JsonObject { ["stage"] = stage.Name });
                return new StageRun(stage, StageOutcome.Skipped, Message: $"'{missing}' is not there");
            }

            var planned = planner.Plan(stage, recipe.Seed, made);
            if (!selected.Contains(stage.Name) && planned.State != StageState.Hit)
            {
                return new StageRun(stage, StageOutcome.Skipped, Message: "not selected, and not in the store");
            }

            var facts = new JsonObject { ["stage"] = stage.Name, ["key"] = planned.Work!.Key, ["identity"] = planned.Work.Identity.DeepClone() };
            if (planned.State != StageState.Hit)
            {
                journal.Append(RunEvents.StageStarted, facts.DeepClone().AsObject());
            }

            else if (planned.Warning is { } warning && !selection.Force.Contains(stage.Name))
            {
                observer.StageSays(stage, new Logged(IsWarning: true, warning));
            }

            var run = await runner.RunAsync(planned, selection.Force.Contains(stage.Name), observer, interruption).ConfigureAwait(false);
            facts["outcome"] = run.Outcome.ToString();
            facts["seconds"] = run.Duration.TotalSeconds;
            facts["message"] = run.Message;
            journal.Append(run.Outcome is StageOutcome.Made or StageOutcome.Found ? RunEvents.StageDone : RunEvents.StageFailed, facts);
            return run;
        }
    }

    /// <summary>What a rerun would find, when it would find everything and the newest run of the same recipe ended well; else null.</summary>
    private static IReadOnlyList<StageRun>? UnchangedSinceLastRun(CheckedRecipe recipe, Planner planner, string recipeFolder)
    {
        if (RunFolder.Of(recipeFolder).FirstOrDefault() is not { } last || !last.IsDone(recipe.Resolved))
        {
            return null;
        }

        var plan = planner.Plan(recipe);
        return plan.All(stage => stage.State == StageState.Hit)
            ? [.. plan.Select(stage => new StageRun(stage.Stage, StageOutcome.Found, Artifact: stage.Artifact, Warning: stage.Warning))]
            : null;
    }
}
