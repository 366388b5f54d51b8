using Experiments.Contracts.Running;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Workers;

namespace Experiments.Host.Display;

/// <summary>
/// A sweep as plain lines: one when a trial starts, one when it ends, and at the end the points ordered by objective.
/// </summary>
public sealed class SweepDisplay(TextWriter output) : ISweepObserver
{
    private SweepPlan? _plan;

    /// <inheritdoc/>
    public void SweepStarted(SweepFolder folder, bool isResumed, SweepStandings standings)
    {
        _plan = standings.Plan;
        var method = _plan.Method.ToString().ToLowerInvariant();
        var seeds = $"{_plan.Seeds.Count} {(_plan.Seeds.Count == 1 ? "seed" : "seeds")}";
        var ended = standings.Ended > 0 ? $"; {standings.Ended} of {_plan.Trials} trials are done" : "";
        output.WriteLine($"sweep {folder.Id} {(isResumed ? "resumes" : "starts")}: {method}, {_plan.Points} points x {seeds}, {_plan.Objective}{ended}");
    }

    /// <inheritdoc/>
    public void TrialStarted(Trial trial) => output.WriteLine($"  {Head(trial)}  starts");

    /// <inheritdoc/>
    public void TrialEnded(Trial trial, TrialEnd end, SweepStandings standings)
    {
        var point = standings.Point(trial.Point);
        output.WriteLine($"  {Head(trial)}  " + end.Status switch
        {
            EndStatus.Interrupted => "interrupted",
            EndStatus.Failed => $"FAILED: {end.Message}",
            _ => $"{SweepReport.Figure(end.Objective!.Value)} in {ProgressMeter.Clock(TimeSpan.FromSeconds(end.Seconds))}, run {end.Run}"
                + (point?.StandardError is { } error ? $"; mean {SweepReport.Figure(point.Mean!.Value)} ± {SweepReport.Figure(error)}" : ""),
        }
            + (standings.Best is { } best ? $"; best {SweepReport.Figure(best.Mean!.Value)} at {best.Values}" : ""));
    }

    /// <inheritdoc/>
    public void SweepEnded(SweepResult result)
    {
        output.WriteLine();
        WriteTable(result.Standings);
        foreach (var failure in SweepReport.Failures(result.Standings))
        {
            output.WriteLine($"FAILED {failure}");
        }

        var standings = result.Standings;
        output.WriteLine(result.ExitCode == ExitCodes.Interrupted
            ? $"Sweep {result.Folder.Id} interrupted, {standings.Ended} of {standings.Plan.Trials} trials ended; the same command resumes it."
            : $"Sweep {result.Folder.Id}: {standings.Plan.Trials} trials, {standings.Failed} failed. Report: {Path.GetRelativePath(Environment.CurrentDirectory, result.Folder.ReportFile)}");
    }

    private void WriteTable(SweepStandings standings)
    {
        var table = new Columns();
        foreach (var row in SweepReport.Rows(standings))
        {
            table.Add([.. row]);
        }

        table.Write(output);
    }

    private string Head(Trial trial) => $"{trial.Number}/{_plan!.Trials}  {trial.Values}{(_plan.Seeds.Count > 1 ? $", seed {trial.Seed}" : "")}";
}
