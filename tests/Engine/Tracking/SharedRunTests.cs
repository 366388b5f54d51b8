using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Tracking;

/// <summary>A sweep's run is named by its own journal and by those of its trials, each sent while it is written.</summary>
public sealed class SharedRunTests : IDisposable
{
    private readonly TrackingBench _bench = new();
    private readonly MemoryStore _store = new();

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

        await SendAsync("sweep", journal => journal.EndRun("sweep-1", EndStatus.Done));
        _store.Runs.Count.ShouldBe(3);
        _store.Runs["sweep-1"].End!.Status.ShouldBe(EndStatus.Done);
        _store.Runs["sweep-1"].Tags.ShouldContainKeyAndValue(RunTags.User, "ann");
        _store.Runs["one"].Parent.ShouldBe("sweep-1");
        _store.Runs["two"].Parent.ShouldBe("sweep-1");
        _bench.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task ATrialThatGoesOnDoesNotReopenASweepThatEnded()
    {
        await SendAsync("sweep", Sweep);
        await SendAsync("one", journal => Trial(journal, "one"));
        await SendAsync("sweep", journal => journal.EndRun("sweep-1", EndStatus.Done));
        await SendAsync("one", journal => Trial(journal, "one"));

        _store.Runs["sweep-1"].End!.Status.ShouldBe(EndStatus.Done);
    }

    [Fact]
    public async Task ASweepThatGoesOnRunsAgain()
    {
        await SendAsync("sweep", Sweep);
        await SendAsync("sweep", journal => journal.EndRun("sweep-1", EndStatus.Interrupted));
        await SendAsync("sweep", Sweep);

        _store.Runs["sweep-1"].End.ShouldBeNull();
    }

    public void Dispose() => _bench.Dispose();

    private static void Sweep(TrackingJournal journal) => journal.StartSharedRun("sweep-1", "sweep", new Dictionary<string, string> { [RunTags.User] = "ann" });

    private static void Trial(TrackingJournal journal, string name)
    {
        journal.JoinRun("sweep-1", "sweep");
        journal.StartRun(name, name, "sweep-1");
    }

    private async Task SendAsync(string name, Action<TrackingJournal> write)
    {
        using var journal = TrackingJournal.Open(Path.Combine(_bench.Folder, name, "tracking.jsonl"), TimeProvider.System);
        await using var sender = TrackingSender.Start(journal, _store, TimeProvider.System, _bench.Warnings.Enqueue);
        write(journal);
        (await sender.FinishAsync()).ShouldBeTrue();
    }
}
