using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Sweeps;

/// <summary>Reads the results of a sweep's runs.</summary>
/// <param name="store">The store, which holds the artifacts.</param>
/// <param name="recipeFolder">The folder of the recipe's runs.</param>
/// <param name="sweep">The sweep's id.</param>
/// <param name="objective">The objective.</param>
public sealed class TrialRuns(ArtifactStore store, string recipeFolder, string sweep, SweepObjective objective)
{
    /// <summary>
    /// The end of a trial whose run finished although the sweep's journal has no end for it; null when there is no such
    /// run.
    /// </summary>
    public TrialEnd? Finished(Trial trial) =>
        RunFolder.Of(recipeFolder).Select(folder => new RunRecord(folder))
        .Where(run => run.Folder.End() is EndStatus.Done or EndStatus.Failed
            && run.Journal.Any(entry => (string?)entry["sweep"] == sweep && (int?)entry["trial"] == trial.Number))
            .Select(run => End(run, run.Duration.TotalSeconds)).FirstOrDefault();

    /// <summary>The end of a run that is done or failed.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="seconds">The time it took.</param>
    public TrialEnd End(string id, double seconds) => End(new RunRecord(new RunFolder(Path.Combine(recipeFolder, id))), seconds);

    private TrialEnd End(RunRecord run, double seconds)
    {
        if (run.Folder.End() != EndStatus.Done)
        {
            var failures = run.Stages.Values.Where(stage => stage.Outcome == StageOutcome.Failed).Select(stage => $"stage '{stage.Stage}': {stage.Message}");
            return Failed(string.Join('\n', failures.DefaultIfEmpty("the run has no recorded end")));
        }

        if (run.Stages.GetValueOrDefault(objective.Stage) is not { IsDone: true, Key: { } key } stage
            || store.Peek((string?)stage.Identity?["plugin"]?["use"] ?? "", key) is not { } manifest)
        {
            return Failed($"stage '{objective.Stage}' has no artifact");
        }

        if (!manifest.Results.TryGetValue(objective.Metric, out var value))
        {
            return Failed($"stage '{objective.Stage}': {Suggestion.No("metric", objective.Metric, "metrics", manifest.Results.Keys)}");
        }

        return double.IsFinite(value) ? new(EndStatus.Done, run.Id, value, null, seconds) : Failed($"{objective.Stage}.{objective.Metric} is not a finite number");

        TrialEnd Failed(string message) => new(EndStatus.Failed, run.Id, null, message, seconds);
    }
}
