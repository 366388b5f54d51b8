using Experiments.Contracts.Running;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Sweeps;

/// <summary>
/// Writes the progress of a sweep into its tracking journal. The sweep is a run that contains its trials as nested
/// runs. It logs the objective of each trial and the best one so far.
/// </summary>
/// <param name="journal">The sweep's own journal.</param>
/// <param name="facts">Who ran it, from which source code, on which machine.</param>
/// <param name="recipe">The recipe's name.</param>
/// <param name="time">The clock.</param>
public sealed class TrackedSweep(TrackingJournal journal, RunFacts facts, string recipe, TimeProvider time) : ISweepObserver
{
    private string _sweep = "";

    /// <inheritdoc/>
    public void SweepStarted(SweepFolder folder, bool isResumed, SweepStandings standings)
    {
        var (plan, mark) = (standings.Plan, new TrialMark(folder.Id, 0, new([]), 1));
        _sweep = mark.TrackedSweep;
        journal.StartSharedRun(_sweep, mark.TrackedName(recipe), facts.Tags);
        journal.LogParams(_sweep, new Dictionary<string, string>
        {
            ["method"] = plan.Method.ToString().ToLowerInvariant(),
            ["objective"] = plan.Objective.ToString(),
            ["points"] = $"{plan.Points}",
            ["seeds"] = string.Join(", ", plan.Seeds),
        });
        journal.LogParams(_sweep, plan.Parameters.ToDictionary(parameter => $"space.{parameter.Name}", parameter => parameter.Path));
    }

    /// <inheritdoc/>
    public void TrialStarted(Trial trial)
    {
    }

    /// <inheritdoc/>
    public void TrialEnded(Trial trial, TrialEnd end, SweepStandings standings)
    {
        if (end.Objective is { } objective)
        {
            var now = time.GetUtcNow();
            journal.LogMetrics(_sweep,
            [
                new MetricPoint("objective", objective, trial.Number, now),
                new MetricPoint("best_objective", standings.Best!.Mean!.Value, trial.Number, now),
            ]);
        }
    }

    /// <inheritdoc/>
    public void SweepEnded(SweepResult result)
    {
        journal.LogArtifact(_sweep, result.Folder.ResultFile);
        journal.LogArtifact(_sweep, result.Folder.ReportFile);
        journal.EndRun(_sweep, result.Status);
    }
}
