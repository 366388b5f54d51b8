using Experiments.Contracts.Running;
using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Runs;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;

namespace Experiments.Engine.Tests.Collection;

public sealed class FoundAndCollectedTests : IDisposable
{
    private readonly PretendRuns _runs = new();

    [Fact]
    public async Task AnArtifactCollectedAfterItWasFoundIsMadeAgain()
    {
        var recipe = _runs.Bench.Read("{ name: r, stages: { lines: { use: write-lines } } }");
        _runs.Run(recipe, end: EndStatus.Failed);
        var artifact = _runs.Store.All().Single();
        var clock = new ActingClock(() =>
        {
            if (Directory.Exists(artifact.Folder))
            {
                Directory.Delete(artifact.Folder, recursive: true);
            }
        });
        var executor = new RunExecutor(_runs.Store, new LocalLauncher(new OwnCommand("false", []), clock), _runs.Folder, clock);

        var result = await executor.RunAsync(recipe, new RunSelection(), new RunLimits(4, long.MaxValue, 4, 4), _ => Task.FromResult<IRunObserver>(new Observer(() => clock.IsActing = true)), TestContext.Current.CancellationToken);

        // The worker fails. The test checks only that it was started.
        result.Stages.Single().Outcome.ShouldBe(StageOutcome.Failed);
        result.Run!.ReadJournal().Select(entry => (string?)entry["event"]).ShouldBe([
            RunEvents.RunStarted, RunEvents.StageDone, RunEvents.StageStarted, RunEvents.StageFailed, RunEvents.RunEnded]);
    }

    public void Dispose() => _runs.Dispose();

    /// <summary>
    /// A clock that acts when it is asked for the time, which the journal does just before it writes.
    /// </summary>
    private sealed class ActingClock(Action act) : TimeProvider
    {
        public bool IsActing { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            if (IsActing)
            {
                act();
            }

            return base.GetUtcNow();
        }
    }

    private sealed class Observer(Action onStart) : IRunObserver
    {
        public void RunStarted(RunFolder run, bool isResumed, CheckedRecipe recipe) => onStart();

        public void StageWaits(BoundStage stage, string text)
        {
        }

        public void StageStarted(PlannedStage stage)
        {
        }

        public void StageSays(BoundStage stage, WorkerEvent message)
        {
        }

        public void StageEnded(StageRun stage)
        {
        }

        public void RunEnded(RunResult result)
        {
        }
    }
}
