namespace Experiments.Engine.Tracking.Tests;

/// <summary>A sweep's run is named by its own journal and by those of its trials.</summary>
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
        Write("sweep", journal =>
        {
            journal.StartSharedRun("sweep-1", "sweep", new Dictionary<string, string> { ["mlflow.user"] = "ann" });
            journal.EndRun("sweep-1", TrackedStatus.Finished);
        });
        Trial("one");
        Trial("two");

        foreach (var journal in order)
        {
            await SendAsync(journal);
        }

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
        Write("sweep", journal => journal.StartSharedRun("sweep-1", "sweep", new Dictionary<string, string>()));
        Trial("one");
        await SendAsync("sweep");
        await SendAsync("one");
        Write("sweep", journal => journal.EndRun("sweep-1", TrackedStatus.Finished));
        Trial("one");
        await SendAsync("sweep");
        await SendAsync("one");

        _server.Run("sweep").Status.ShouldBe("FINISHED");
    }

    [Fact]
    public async Task ASweepThatGoesOnRunsAgain()
    {
        Write("sweep", journal => journal.StartSharedRun("sweep-1", "sweep", new Dictionary<string, string>()));
        Write("sweep", journal => journal.EndRun("sweep-1", TrackedStatus.Killed));
        await SendAsync("sweep");
        Write("sweep", journal => journal.StartSharedRun("sweep-1", "sweep", new Dictionary<string, string>()));
        await SendAsync("sweep");

        _server.Run("sweep").Status.ShouldBe("RUNNING");
    }

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
    }

    private void Trial(string name) => Write(name, journal =>
    {
        journal.JoinRun("sweep-1", "sweep");
        journal.StartRun(name, name, "sweep-1");
    });

    private void Write(string name, Action<TrackingJournal> write)
    {
        using var journal = TrackingJournal.Open(PathOf(name), TimeProvider.System);
        write(journal);
    }

    private async Task SendAsync(string name)
    {
        using var store = _bench.Rest(_server);
        await TrackingSender.SyncAsync(PathOf(name), store, TimeProvider.System, _bench.Warnings.Enqueue, TestContext.Current.CancellationToken);
    }

    private string PathOf(string name) => Path.Combine(_bench.Folder, name, "tracking.jsonl");
}
