using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Tracking;

/// <summary>A sweep's run is named by its own journal and by those of its trials, each sent while it is written.</summary>
public sealed class SharedRunTests : IDisposable
{
    private readonly TrackingBench _bench = new();
    private readonly FakeMlflow _server = new();

    [Theory]
    [InlineData("sweep", "one", "two")]
    [InlineData("one", "two", "sweep")]
    [InlineData("two", "sweep", "one")]
    public async Task WhicheverJournalIsSentFirstThereIsOneSweepWithItsTrials(params string[] order)
    {
        foreach (var name in order)
        {
            await SendAsync(name, name == "sweep" ? Sweep : journal => Trial(journal, name));
        }

        await SendAsync("sweep", journal => journal.EndRun("sweep-1", TrackedStatus.Finished));
        _server.Runs.Count.ShouldBe(3);
        var sweep = _server.Run("sweep");
        sweep.Status.ShouldBe("FINISHED");
        sweep.Tags.ShouldContainKeyAndValue("mlflow.user", "ann");
        _server.Run("one").Tags.ShouldContainKeyAndValue("mlflow.parentRunId", sweep.Id);
        _server.Run("two").Tags.ShouldContainKeyAndValue("mlflow.parentRunId", sweep.Id);
        _bench.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task ATrialThatGoesOnDoesNotReopenASweepThatEnded()
    {
        await SendAsync("sweep", Sweep);
        await SendAsync("one", journal => Trial(journal, "one"));
        await SendAsync("sweep", journal => journal.EndRun("sweep-1", TrackedStatus.Finished));
        await SendAsync("one", journal => Trial(journal, "one"));

        _server.Run("sweep").Status.ShouldBe("FINISHED");
    }

    [Fact]
    public async Task ASweepThatGoesOnRunsAgain()
    {
        await SendAsync("sweep", Sweep);
        await SendAsync("sweep", journal => journal.EndRun("sweep-1", TrackedStatus.Killed));
        await SendAsync("sweep", Sweep);

        _server.Run("sweep").Status.ShouldBe("RUNNING");
    }

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
    }

    private static void Sweep(TrackingJournal journal) => journal.StartSharedRun("sweep-1", "sweep", new Dictionary<string, string> { ["mlflow.user"] = "ann" });

    private static void Trial(TrackingJournal journal, string name)
    {
        journal.JoinRun("sweep-1", "sweep");
        journal.StartRun(name, name, "sweep-1");
    }

    private async Task SendAsync(string name, Action<TrackingJournal> write)
    {
        using var journal = TrackingJournal.Open(Path.Combine(_bench.Folder, name, "tracking.jsonl"), TimeProvider.System);
        await using var sender = TrackingSender.Start(journal, _bench.Rest(_server), TimeProvider.System, _bench.Warnings.Enqueue);
        write(journal);
        (await sender.FinishAsync()).ShouldBeTrue();
    }
}
