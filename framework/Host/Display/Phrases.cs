using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Host.Display;

/// <summary>The wording that the displays share.</summary>
public static class Phrases
{
    private const int FiguresShown = 4;

    /// <summary>What a run does with a stage: <c>hit</c>, <c>resume at step 120</c>, <c>run</c>.</summary>
    public static string Of(PlannedStage stage) => stage.State switch
    {
        StageState.Hit => "hit",
        StageState.Resume => $"resume at step {stage.Step}",
        _ => "run",
    };

    /// <summary>How a stage ended: <c>done in 3.2 s</c>, <c>up to date</c>.</summary>
    public static string Of(StageRun run) => run.Outcome switch
    {
        StageOutcome.Made => $"done in {ProgressMeter.Clock(run.Duration)}",
        StageOutcome.Found => "up to date",
        StageOutcome.Failed => "FAILED",
        StageOutcome.Skipped => $"skipped: {run.Message}",
        _ => "interrupted",
    };

    /// <summary>
    /// The most important results of a stage: those that its conditions check, then the first others.
    /// </summary>
    public static string Figures(StageRun run)
    {
        if (run.Artifact is not { Manifest.Results: var results })
        {
            return "";
        }

        var names = run.Stage.Expectations.Select(gate => gate.Metric).Where(results.ContainsKey)
            .Concat(results.Keys.Where(name => !name.Contains('/', StringComparison.Ordinal)))
            .Distinct()
            .Take(FiguresShown);
        return string.Join(", ", names.Select(name => $"{name} {ProgressMeter.Number(results[name])}"));
    }

    /// <summary>The last line of a run.</summary>
    public static string Of(RunResult result)
    {
        var time = ProgressMeter.Clock(result.Duration);
        var made = result.Stages.Count(stage => stage.Outcome == StageOutcome.Made);
        if (result.Run is not { } run)
        {
            return $"Nothing to do: all {result.Stages.Count} stages are up to date ({time}).";
        }

        return result.ExitCode switch
        {
            ExitCodes.Done => $"Run {run.Id} done in {time}: {made} stages made, {result.Stages.Count(stage => stage.Outcome == StageOutcome.Found)} up to date.",
            ExitCodes.Interrupted => $"Run {run.Id} interrupted after {time}; the same command resumes it from the last checkpoint.",
            _ => $"Run {run.Id} failed after {time}; its log: {Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(run.Path, RunLog.FileName))}",
        };
    }
}
