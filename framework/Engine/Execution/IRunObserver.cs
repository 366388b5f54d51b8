using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Execution;

/// <summary>Hears how a run goes: the terminal's display, plain lines, JSON lines. Called from several threads, never at once.</summary>
public interface IRunObserver
{
    /// <summary>The run begins, or goes on.</summary>
    void RunStarted(RunFolder run, bool isResumed, CheckedRecipe recipe);

    /// <summary>A stage's worker begins.</summary>
    void StageStarted(PlannedStage stage);

    /// <summary>A worker says something.</summary>
    void StageSays(BoundStage stage, WorkerEvent message);

    /// <summary>A stage is over: made, found, failed, skipped or interrupted.</summary>
    void StageEnded(StageRun stage);

    /// <summary>The run is over.</summary>
    void RunEnded(RunResult result);
}
