using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Execution;

/// <summary>What happened to a stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Duration">The time it took in this run.</param>
/// <param name="Artifact">Its artifact, when there is one; a stage whose gate fails has one too.</param>
/// <param name="Message">What is wrong, or why it was skipped.</param>
/// <param name="Detail">Where in the code, for the log.</param>
/// <param name="Warning">What may be wrong with an artifact that was found.</param>
/// <param name="PeakMemory">The most memory that its worker held, in bytes; 0 when it did not run.</param>
public sealed record StageRun(
    BoundStage Stage, StageOutcome Outcome, TimeSpan Duration = default, StoredArtifact? Artifact = null, string? Message = null, string? Detail = null, string? Warning = null, long PeakMemory = 0);

/// <summary>What came of a run.</summary>
/// <param name="Run">Its folder; null when there was nothing to do.</param>
/// <param name="Stages">What happened to each stage, in order.</param>
/// <param name="Duration">The time it took.</param>
public sealed record RunResult(RunFolder? Run, IReadOnlyList<StageRun> Stages, TimeSpan Duration)
{
    /// <summary>The exit code that says it.</summary>
    public int ExitCode =>
        Stages.Any(stage => stage.Outcome == StageOutcome.Interrupted) ? ExitCodes.Interrupted
        : Stages.Any(stage => stage.Outcome == StageOutcome.Failed) ? ExitCodes.Failed
        : ExitCodes.Done;
}
