using System.Globalization;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Tracking;

public sealed class TrackingSenderTests : IDisposable
{
    private readonly TrackingBench _bench = new();
    private readonly FakeMlflow _server = new();

    [Fact]
    public async Task AnOutageInTheMiddleLosesAndRepeatsNothing()
    {
        using var journal = _bench.Open();
        await using var sender = TrackingSender.Start(journal, _bench.Rest(_server), new ImpatientTime(), _bench.Warnings.Enqueue);
        journal.StartRun("r", "run");
        journal.LogMetrics("r", TrackingBench.Points("loss", 0, 150));
        await _server.UntilAsync(() => _server.Runs.Values.Any(run => run.Metrics.Count == 150));

        var refused = 0;
        _server.FaultOf = _ => refused++ % 2 == 0 ? Fault.Unavailable : Fault.StoreThenDrop;
        journal.LogMetrics("r", TrackingBench.Points("loss", 150, 150));
        await _server.UntilAsync(() => refused > 8);
        _server.FaultOf = _ => Fault.None;
        await _server.UntilAsync(() => _server.Run("run").Metrics.Count >= 300);

        (await sender.FinishAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        _server.Run("run").Metrics.Select(point => point.Step).ShouldBe(Enumerable.Range(0, 300).Select(step => (long)step));
        _bench.Warnings.Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task AnOutageUntilTheEndFailsNothingAndSyncSendsTheRest()
    {
        _server.FaultOf = _ => Fault.Unavailable;
        using (var journal = _bench.Open())
        {
            await using var sender = TrackingSender.Start(journal, _bench.Rest(_server, retries: 1), TimeProvider.System, _bench.Warnings.Enqueue);
            journal.StartRun("r", "run");
            journal.LogMetrics("r", TrackingBench.Points("loss", 0, 5));
            journal.EndRun("r", TrackedStatus.Finished);

            (await sender.FinishAsync(TimeSpan.FromMilliseconds(100))).ShouldBeFalse();
        }

        _bench.Warnings.Last().ShouldMatch("^tracking: 3 lines did not reach http.*`lab sync` sends them");
        _bench.Warnings.Count.ShouldBeLessThanOrEqualTo(2);

        _server.FaultOf = _ => Fault.None;
        (await _bench.SyncAsync(_bench.Rest(_server))).ShouldBe(3);
        (await _bench.SyncAsync(_bench.Rest(_server))).ShouldBe(0);
        _server.Run("run").Metrics.Count.ShouldBe(5);
        _server.Run("run").Status.ShouldBe("FINISHED");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task AProcessKilledBeforeItNotedWhatItSentRepeatsNothing(bool rest, bool noteIsLost)
    {
        ITrackingStore Store() => rest ? _bench.Rest(_server) : _bench.Files();
        using var journal = _bench.Open();
        journal.StartRun("r", "run");
        journal.LogMetrics("r", TrackingBench.Points("loss", 0, 130));
        await _bench.SyncAsync(Store());
        var note = Directory.GetFiles(Path.GetDirectoryName(_bench.JournalPath)!, "tracking.sent-*.json").ShouldHaveSingleItem();
        var early = TrackingBench.Read(note);
        journal.StartRun("r/stage", "stage", "r");
        journal.LogMetrics("r", TrackingBench.Points("loss", 130, 130));
        journal.LogMetrics("r/stage", TrackingBench.Points("loss", 0, 10));
        journal.LogParams("r", new Dictionary<string, string> { ["rate"] = "1" });
        await _bench.SyncAsync(Store());

        _bench.Write(note, noteIsLost ? "" : early);
        journal.LogMetrics("r", TrackingBench.Points("loss", 260, 40));
        await _bench.SyncAsync(Store());

        var steps = rest ? _server.Run("run").Metrics.Select(point => point.Step)
            : Lines("r").Select(line => long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture));
        steps.ShouldBe(Enumerable.Range(0, 300).Select(step => (long)step));
        (rest ? _server.Run("stage").Metrics.Count : Lines("r/stage").Length).ShouldBe(10);
        _bench.Warnings.ShouldBeEmpty();
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
        await _bench.SyncAsync(_bench.Rest(_server));

        _server.Run("run").Metrics.Count.ShouldBe(5000);
        _server.Requests.ShouldNotContain("metrics/get-history");
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
        await _bench.SyncAsync(_bench.Rest(_server));

        _bench.Warnings.Count.ShouldBe(2);
        _bench.Warnings.First().ShouldContain("gone.md cannot be read");
        _bench.Warnings.Last().ShouldContain("is damaged and left out");
    }

    [Fact]
    public async Task TwoStoresAreToldFromEachOther()
    {
        using (var journal = _bench.Open())
        {
            journal.StartRun("r", "run");
        }

        (await _bench.SyncAsync(_bench.Rest(_server))).ShouldBe(1);
        (await _bench.SyncAsync(_bench.Files())).ShouldBe(1);
        (await _bench.SyncAsync(_bench.Rest(_server))).ShouldBe(0);
    }

    [Fact]
    public async Task AServerThatDiesInTheMiddleAndComesBackHasEachLineOnce()
    {
        using var journal = _bench.Open();
        var outage = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var sender = TrackingSender.Start(journal, _bench.Rest(_server), new ImpatientTime(), text => outage.TrySetResult(text));
        journal.StartRun("r", "run");
        journal.LogMetrics("r", TrackingBench.Points("loss", 0, 50));
        await _server.UntilAsync(() => _server.Runs.Values.Any(run => run.Metrics.Count == 50));

        _server.Die();
        journal.LogMetrics("r", TrackingBench.Points("loss", 50, 200));
        journal.StartRun("r/stage", "stage", "r");
        (await outage.Task.WaitAsync(TestContext.Current.CancellationToken)).ShouldContain("takes nothing for now");
        _server.ComeBack();
        journal.EndRun("r", TrackedStatus.Finished);

        (await sender.FinishAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        _server.Run("run").Metrics.Select(point => point.Step).ShouldBe(Enumerable.Range(0, 250).Select(step => (long)step));
        _server.Run("run").Status.ShouldBe("FINISHED");
        _server.Run("stage").Tags["mlflow.parentRunId"].ShouldBe(_server.Run("run").Id);
    }

    [Fact]
    public async Task ASlowServerHoldsNothingUpAndGetsAllInItsOrder()
    {
        using var answer = new ManualResetEventSlim();
        _server.Pause = answer;
        using var journal = _bench.Open();
        await using var sender = TrackingSender.Start(journal, _bench.Rest(_server), new ImpatientTime(), _bench.Warnings.Enqueue);
        journal.StartRun("r", "run");
        await _server.UntilAsync(() => _server.Requests.Count == 1);

        foreach (var point in TrackingBench.Points("loss", 0, 2500))
        {
            journal.LogMetrics("r", [point]);
        }

        TrackingLines.Read(_bench.JournalPath, 0).Count().ShouldBe(2501);
        _server.Requests.Count.ShouldBe(1);
        answer.Set();
        (await sender.FinishAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        _server.Run("run").Metrics.Select(point => point.Step).ShouldBe(Enumerable.Range(0, 2500).Select(step => (long)step));
        _server.Requests.Count.ShouldBeLessThan(60);
        _bench.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhileAnotherProcessSendsTheJournalNothingIsSentTwice()
    {
        using var journal = _bench.Open();
        journal.StartRun("r", "run");
        journal.LogMetrics("r", TrackingBench.Points("loss", 0, 5));
        var other = Lease.TryTake(Path.GetDirectoryName(_bench.JournalPath)!, "other", TimeProvider.System, "tracking.lease.json").Lease!;
        await using var sender = TrackingSender.Start(journal, _bench.Rest(_server), new ImpatientTime(), _bench.Warnings.Enqueue);

        (await Should.ThrowAsync<JournalBusyException>(() => _bench.SyncAsync(_bench.Rest(_server)))).Holder.ShouldStartWith("process ");
        _server.Requests.ShouldBeEmpty();
        other.Dispose();

        (await sender.FinishAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        _server.Run("run").Metrics.Count.ShouldBe(5);
        _bench.Warnings.ShouldBeEmpty();
    }

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
        _server.Violations.ShouldBeEmpty();
    }

    private string[] Lines(string localId) => File.ReadAllLines(Directory.EnumerateFiles(_bench.StoreFolder, "loss", SearchOption.AllDirectories)
        .Single(path => TrackingBench.Read(Path.Combine(Path.GetDirectoryName(path)!, "..", "tags", "lab.run")) == localId));

    /// <summary>Every pause ends at once, except for those that limit the time for ending.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.FromSeconds(20) ? dueTime : TimeSpan.FromMilliseconds(1), period);
    }
}
