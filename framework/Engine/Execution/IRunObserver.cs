using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Execution;

/// <summary>
/// Receives the events of a run, for example to display them. Its methods are called from several threads, but never at
/// the same time.
/// </summary>
public interface IRunObserver
{
    /// <summary>The run starts or resumes.</summary>
    void RunStarted(RunFolder run, bool isResumed, CheckedRecipe recipe);

    /// <summary>A stage waits for another process, which is making its artifact.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="text">Who is waited for, and for how long.</param>
    void StageWaits(BoundStage stage, string text);

    /// <summary>A stage starts.</summary>
    void StageStarted(PlannedStage stage);

    /// <summary>A worker sent an event.</summary>
    void StageSays(BoundStage stage, WorkerEvent message);

    /// <summary>A stage ended: it was made, found, failed, skipped or interrupted.</summary>
    void StageEnded(StageRun stage);

    /// <summary>The run ended.</summary>
    void RunEnded(RunResult result);
}
