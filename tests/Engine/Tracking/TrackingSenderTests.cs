using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Tracking;

public sealed class TrackingSenderTests : IDisposable
{
    private readonly TrackingBench _bench = new();
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task AnOutageUntilTheEndFailsNothingAndSyncSendsTheRest()
    {
        _store.IsAway = true;
        using (var journal = _bench.Open())
        {
            await using var sender = TrackingSender.Start(journal, _store, TimeProvider.System, _bench.Warnings.Enqueue);
            journal.StartRun("r", "run");
            journal.LogMetrics("r", TrackingBench.Points("loss", 0, 5));
            journal.EndRun("r", EndStatus.Done);

            (await sender.FinishAsync(TimeSpan.FromMilliseconds(100))).ShouldBeFalse();
        }

        _bench.Warnings.Last().ShouldMatch("^tracking: 3 lines did not reach memory .*`lab sync` sends them");
        _bench.Warnings.Count.ShouldBeLessThanOrEqualTo(2);

        _store.IsAway = false;
        (await _bench.SyncAsync(_store)).ShouldBe(3);
        (await _bench.SyncAsync(_store)).ShouldBe(0);
        _store.Runs["r"].Metrics.Count.ShouldBe(5);
        _store.Runs["r"].End!.Status.ShouldBe(EndStatus.Done);
    }

    [Fact]
    public async Task ADamagedLineAndALostFileAreSaidAndLeftOut()
    {
        using (var journal = _bench.Open())
        {
            journal.StartRun("r", "run");
            journal.LogArtifact("r", Path.Combine(_bench.Folder, "gone.md"));
        }

        _bench.Write(_bench.JournalPath, TrackingBench.Read(_bench.JournalPath) + "{\"kind\":\"metrics\",\"run\":\n");
        await _bench.SyncAsync(_store);

        _bench.Warnings.Count.ShouldBe(2);
        _bench.Warnings.First().ShouldContain("gone.md cannot be read");
        _bench.Warnings.Last().ShouldContain("is damaged and left out");
    }

    [Fact]
    public async Task WhileAnotherProcessSendsTheJournalNothingIsSentTwice()
    {
        using var journal = _bench.Open();
        journal.StartRun("r", "run");
        journal.LogMetrics("r", TrackingBench.Points("loss", 0, 5));
        var other = Lease.TryTake(Path.GetDirectoryName(_bench.JournalPath)!, "other", TimeProvider.System, "tracking.lease.json").Lease!;
        await using var sender = TrackingSender.Start(journal, _store, new ImpatientTime(), _bench.Warnings.Enqueue);

        (await Should.ThrowAsync<JournalBusyException>(() => _bench.SyncAsync(_store))).Holder.ShouldStartWith("process ");
        _store.Calls.ShouldBeEmpty();
        other.Dispose();

        (await sender.FinishAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        _store.Runs["r"].Metrics.Count.ShouldBe(5);
        _bench.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task TwoStoresAreToldFromEachOther()
    {
        using (var journal = _bench.Open())
        {
            journal.StartRun("r", "run");
        }

        (await _bench.SyncAsync(_store)).ShouldBe(1);
        (await _bench.SyncAsync(new MemoryStore { Location = "other" })).ShouldBe(1);
        (await _bench.SyncAsync(_store)).ShouldBe(0);
    }

    [Fact]
    public async Task LongJournalsGoInManyChunks()
    {
        using var journal = _bench.Open();
        journal.StartRun("r", "run");
        foreach (var point in TrackingBench.Points("loss", 0, 2500))
        {
            journal.LogMetrics("r", [point]);
        }

        journal.LogMetrics("r", TrackingBench.Points("tokens", 0, 2500));
        await _bench.SyncAsync(_store);

        _store.Runs["r"].Metrics.Count.ShouldBe(5000);
        _store.Calls.ShouldBe(["start in doubt", "log", "log", "log"]);
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>Every pause ends at once, except for those that limit the time for ending.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.FromSeconds(20) ? dueTime : TimeSpan.FromMilliseconds(1), period);
    }
}
