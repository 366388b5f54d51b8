using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Execution;

/// <summary>The result of a stage in a run.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Duration">The time that it took in this run.</param>
/// <param name="Artifact">Its artifact, or null. A stage whose condition fails has an artifact too.</param>
/// <param name="Message">What is wrong, or why it was skipped.</param>
/// <param name="Detail">The stack trace, for the log.</param>
/// <param name="Warning">What may be wrong with an artifact that was found; null when nothing is.</param>
/// <param name="PeakMemory">The peak memory of its worker; 0 when it did not run. Unit: bytes.</param>
public sealed record StageRun(
    BoundStage Stage, StageOutcome Outcome, TimeSpan Duration = default, StoredArtifact? Artifact = null, string? Message = null, string? Detail = null, string? Warning = null, long PeakMemory = 0);

/// <summary>The result of a run.</summary>
/// <param name="Run">Its folder; null when there was nothing to do.</param>
/// <param name="Stages">The result of each stage, in order.</param>
/// <param name="Duration">The time that the run took.</param>
public sealed record RunResult(RunFolder? Run, IReadOnlyList<StageRun> Stages, TimeSpan Duration)
{
    /// <summary>How the run ended.</summary>
    public EndStatus Status =>
        Stages.Any(stage => stage.Outcome == StageOutcome.Interrupted) ? EndStatus.Interrupted
        : Stages.Any(stage => stage.Outcome == StageOutcome.Failed) ? EndStatus.Failed
        : EndStatus.Done;

    /// <summary>The exit code for this result.</summary>
    public int ExitCode => ExitCodes.Of(Status);
}
