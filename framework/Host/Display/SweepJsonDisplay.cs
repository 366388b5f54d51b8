using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Sweeps;

namespace Experiments.Host.Display;

/// <summary>A sweep as JSON lines, for scripts. The first line has its id and folder.</summary>
public sealed class SweepJsonDisplay(TextWriter output) : ISweepObserver
{
    /// <inheritdoc/>
    public void SweepStarted(SweepFolder folder, bool isResumed, SweepStandings standings) => Write("sweep_started", new()
    {
        ["sweep"] = folder.Id,
        ["folder"] = folder.Path,
        ["resumed"] = isResumed,
        ["trials"] = standings.Plan.Trials,
        ["ended"] = standings.Ended,
    });

    /// <inheritdoc/>
    public void TrialStarted(Trial trial) =>
        Write("trial_started", new() { ["trial"] = trial.Number, ["point"] = trial.Point, ["values"] = trial.Values.ToJson(), ["seed"] = trial.Seed });

    /// <inheritdoc/>
    public void TrialEnded(Trial trial, TrialEnd end, SweepStandings standings)
    {
        var facts = end.ToJson(trial);
        facts["values"] = trial.Values.ToJson();
        facts["seed"] = trial.Seed;
        facts["mean"] = standings.Point(trial.Point)?.Mean;
        facts["standard_error"] = standings.Point(trial.Point)?.StandardError;
        facts["best"] = standings.Best?.Mean;
        facts["best_values"] = standings.Best?.Values.ToJson();
        Write("trial_ended", facts);
    }

    /// <inheritdoc/>
    public void SweepEnded(SweepResult result) => Write("sweep_ended", new()
    {
        ["sweep"] = result.Folder.Id,
        ["status"] = result.Status.Word(),
        ["exit_code"] = result.ExitCode,
        ["failed"] = result.Standings.Failed,
        ["best"] = result.Standings.Best?.Mean,
        ["best_values"] = result.Standings.Best?.Values.ToJson(),
        ["report"] = result.Folder.ReportFile,
        ["seconds"] = Math.Round(result.Duration.TotalSeconds, 3),
    });

    private void Write(string kind, JsonObject facts)
    {
        facts.Insert(0, "event", kind);
        output.WriteLine(facts.ToJsonString());
    }
}
