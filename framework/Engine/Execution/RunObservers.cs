using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Execution;

/// <summary>Passes the events of a run to several observers, one call at a time.</summary>
public sealed class RunObservers(IReadOnlyList<IRunObserver> observers) : IRunObserver
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public void RunStarted(RunFolder run, bool isResumed, CheckedRecipe recipe) => Each(observer => observer.RunStarted(run, isResumed, recipe));

    /// <inheritdoc/>
    public void StageWaits(BoundStage stage, string text) => Each(observer => observer.StageWaits(stage, text));

    /// <inheritdoc/>
    public void StageStarted(PlannedStage stage) => Each(observer => observer.StageStarted(stage));

    /// <inheritdoc/>
    public void StageSays(BoundStage stage, WorkerEvent message) => Each(observer => observer.StageSays(stage, message));

    /// <inheritdoc/>
    public void StageEnded(StageRun stage) => Each(observer => observer.StageEnded(stage));

    /// <inheritdoc/>
    public void RunEnded(RunResult result) => Each(observer => observer.RunEnded(result));

    private void Each(Action<IRunObserver> call)
    {
        lock (_gate)
        {
            foreach (var observer in observers)
            {
                call(observer);
            }
        }
    }
}
