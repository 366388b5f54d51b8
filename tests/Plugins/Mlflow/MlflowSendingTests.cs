using System.Globalization;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Tracking;

namespace Experiments.Plugins.Mlflow.Tests;

public sealed class MlflowSendingTests : IDisposable
{
    private readonly MlflowBench _bench = new();
    private readonly FakeMlflow _server = new();

    [Fact]
    public async Task AnOutageInTheMiddleLosesAndRepeatsNothing()
    {
        using var journal = _bench.Open();
        await using var sender = TrackingSender.Start(journal, _bench.Rest(_server), new ImpatientTime(), _bench.Warnings.Enqueue);
        journal.StartRun("r", "run");
        journal.LogMetrics("r", MlflowBench.Points("loss", 0, 150));
        await _server.UntilAsync(() => _server.Runs.Values.Any(run => run.Metrics.Count == 150));

        var refused = 0;
        _server.FaultOf = _ => refused++ % 2 == 0 ? Fault.Unavailable : Fault.StoreThenDrop;
        journal.LogMetrics("r", MlflowBench.Points("loss", 150, 150));
        await _server.UntilAsync(() => refused > 8);
        _server.FaultOf = _ => Fault.None;
        await _server.UntilAsync(() => _server.Run("run").Metrics.Count >= 300);

        (await sender.FinishAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        _server.Run("run").Metrics.Select(point => point.Step).ShouldBe(Enumerable.Range(0, 300).Select(step => (long)step));
        _bench.Warnings.Count.ShouldBeLessThanOrEqualTo(1);
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
        journal.LogMetrics("r", MlflowBench.Points("loss", 0, 130));
        await _bench.SyncAsync(Store());
        var note = Directory.GetFiles(Path.GetDirectoryName(_bench.JournalPath)!, "tracking.sent-*.json").ShouldHaveSingleItem();
        var early = MlflowBench.Read(note);
        journal.StartRun("r/stage", "stage", "r");
        journal.LogMetrics("r", MlflowBench.Points("loss", 130, 130));
        journal.LogMetrics("r/stage", MlflowBench.Points("loss", 0, 10));
        journal.LogParams("r", new Dictionary<string, string> { ["rate"] = "1" });
        await _bench.SyncAsync(Store());

        _bench.Write(note, noteIsLost ? "" : early);
        journal.LogMetrics("r", MlflowBench.Points("loss", 260, 40));
        await _bench.SyncAsync(Store());

        var steps = rest ? _server.Run("run").Metrics.Select(point => point.Step)
            : Lines("r").Select(line => long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture));
        steps.ShouldBe(Enumerable.Range(0, 300).Select(step => (long)step));
        (rest ? _server.Run("stage").Metrics.Count : Lines("r/stage").Length).ShouldBe(10);
        _bench.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task AServerThatDiesInTheMiddleAndComesBackHasEachLineOnce()
    {
        using var journal = _bench.Open();
        var outage = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var sender = TrackingSender.Start(journal, _bench.Rest(_server), new ImpatientTime(), text => outage.TrySetResult(text));
        journal.StartRun("r", "run");
        journal.LogMetrics("r", MlflowBench.Points("loss", 0, 50));
        await _server.UntilAsync(() => _server.Runs.Values.Any(run => run.Metrics.Count == 50));

        _server.Die();
        journal.LogMetrics("r", MlflowBench.Points("loss", 50, 200));
        journal.StartRun("r/stage", "stage", "r");
        (await outage.Task.WaitAsync(TestContext.Current.CancellationToken)).ShouldContain("accepts no data at the moment");
        _server.ComeBack();
        journal.EndRun("r", EndStatus.Done);

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

        foreach (var point in MlflowBench.Points("loss", 0, 2500))
        {
            journal.LogMetrics("r", [point]);
        }

        TrackingLines.Read(_bench.JournalPath, 0).Count().ShouldBe(2501);
        _server.Requests.Count.ShouldBe(1);
        answer.Set();
        await _server.UntilAsync(() => _server.Runs.Values.Any(run => run.Metrics.Count == 2500));
        _server.Requests.Count.ShouldBeLessThan(60); // before the end, which breaks off a chunk: the store then asks what arrived of it
        (await sender.FinishAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        _server.Run("run").Metrics.Select(point => point.Step).ShouldBe(Enumerable.Range(0, 2500).Select(step => (long)step));
        _bench.Warnings.ShouldBeEmpty();
    }

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
        _server.Violations.ShouldBeEmpty();
    }

    private string[] Lines(string localId) => File.ReadAllLines(Directory.EnumerateFiles(_bench.StoreFolder, "loss", SearchOption.AllDirectories)
        .Single(path => MlflowBench.Read(Path.Combine(Path.GetDirectoryName(path)!, "..", "tags", "lab.run")) == localId));

    /// <summary>Every pause is over at once, save those that bound an end.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.FromSeconds(20) ? dueTime : TimeSpan.FromMilliseconds(1), period);
    }
}
