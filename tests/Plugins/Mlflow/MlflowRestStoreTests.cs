using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Tracking;

namespace Experiments.Plugins.Mlflow.Tests;

public sealed class MlflowRestStoreTests : IDisposable
{
    private readonly MlflowBench _bench = new();
    private readonly FakeMlflow _server = new();

    [Fact]
    public async Task ARunAndItsStageArrive()
    {
        var report = _bench.Write("report #1.md", "# Report");
        using (var journal = _bench.Open())
        {
            journal.StartRun("r1", "run", tags: new Dictionary<string, string> { [RunTags.User] = "ann" });
            journal.StartRun("r1/base", "base", "r1");
            journal.LogParams("r1/base", new Dictionary<string, string> { ["layers"] = "4" });
            journal.LogMetrics("r1/base", MlflowBench.Points("loss", 0, 2));
            journal.LogInput("r1/base", "web", new string('d', 64), "/data/web");
            journal.LogArtifact("r1/base", report);
            journal.SetTags("r1", new Dictionary<string, string> { ["note"] = "done" });
            journal.EndRun("r1/base", EndStatus.Done);
            journal.EndRun("r1", EndStatus.Failed);
        }

        await SendAsync();

        var (parent, stage) = (_server.Run("run"), _server.Run("base"));
        parent.Tags.ShouldContainKeyAndValue("mlflow.user", "ann");
        parent.Tags.ShouldContainKeyAndValue("note", "done");
        parent.StartTime.ShouldBe(1_700_000_000_000);
        parent.Status.ShouldBe("FAILED");
        parent.EndTime.ShouldBe(1_700_000_000_000);
        stage.Tags.ShouldContainKeyAndValue("mlflow.parentRunId", parent.Id);
        stage.Status.ShouldBe("FINISHED");
        stage.Params.ShouldBe(new Dictionary<string, string> { ["layers"] = "4" });
        stage.Metrics.ShouldBe([new("loss", "0", 0, 1000), new("loss", "0.125", 1, 1001)]);
        stage.Inputs.ShouldHaveSingleItem().ShouldContain($"\"digest\":\"{new string('d', 36)}\"");
        _server.Artifacts.ShouldHaveSingleItem().Key.ShouldBe($"1/{stage.Id}/artifacts/report _1.md");
        _server.Artifacts.Single().Value.ShouldBe("# Report"u8.ToArray());
        _bench.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task ArtifactsGoIntoAFolderThatBothSidesSee()
    {
        _server.ArtifactRoot = new Uri(_bench.Folder).AbsoluteUri + "/shared/";
        var report = _bench.Write("report.md", "# Report");
        Journal(journal => journal.LogArtifact("r", report, "pages/report.md"));

        await SendAsync();

        MlflowBench.Read(Path.Combine(_bench.Folder, "shared", "1", _server.Run("run").Id, "artifacts", "pages", "report.md")).ShouldBe("# Report");
    }

    [Fact]
    public async Task AnArtifactFolderThatCannotBeWrittenIsSaidAndHoldsNothingUp()
    {
        _server.ArtifactRoot = new Uri(_bench.Write("no-folder", "")).AbsoluteUri + "/";
        var report = _bench.Write("report.md", "# Report");
        Journal(journal =>
        {
            journal.LogArtifact("r", report);
            journal.EndRun("r", EndStatus.Done);
        });

        await SendAsync();

        _server.Run("run").Status.ShouldBe("FINISHED");
        _bench.Warnings.ShouldHaveSingleItem().ShouldContain("--serve-artifacts");
    }

    [Fact]
    public async Task BatchesKeepTheLimits()
    {
        Journal(journal =>
        {
            journal.LogMetrics("r", MlflowBench.Points("loss", 0, 101));
            journal.LogParams("r", Enumerable.Range(0, 101).ToDictionary(i => $"param{i}", i => $"{i}"));
            journal.SetTags("r", Enumerable.Range(0, 101).ToDictionary(i => $"tag{i}", i => $"{i}"));
        });

        await SendAsync();

        var run = _server.Run("run");
        run.Metrics.Count.ShouldBe(101);
        run.Params.Count.ShouldBe(101);
        run.Tags.Keys.Count(key => key.StartsWith("tag", StringComparison.Ordinal)).ShouldBe(101);
        _server.Requests.Count(path => path == "runs/log-batch").ShouldBe(6);
    }

    [Fact]
    public async Task NanAndInfinitiesAreSentAsWords()
    {
        double[] values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e-300];
        Journal(journal => journal.LogMetrics("r", values.Select((value, step) => new MetricPoint("loss", value, step, DateTimeOffset.UnixEpoch))));

        await SendAsync();

        _server.Run("run").Metrics.Select(point => point.Value).ShouldBe(["NaN", "Infinity", "-Infinity", "1E-300"]);
    }

    [Fact]
    public async Task ALongParamIsCutWithARemarkAndSaid()
    {
        Journal(journal => journal.LogParams("r", new Dictionary<string, string> { ["keep[0]"] = new string('x', 7000) }));

        await SendAsync();

        _server.Run("run").Params["keep_0_"].ShouldEndWith("[cut: 7000 characters]");
        _bench.Warnings.ShouldHaveSingleItem().ShouldContain("'keep[0]' has 7000 characters");
    }

    [Theory]
    [InlineData(Fault.Unavailable)]
    [InlineData(Fault.Drop)]
    [InlineData(Fault.StoreThenDrop)]
    [InlineData(Fault.Hang)]
    [InlineData(Fault.InternalError)]
    [InlineData(Fault.StoreThenRefuse)]
    public async Task ABatchThatFailedOnceArrivesOnce(Fault fault)
    {
        Journal(journal =>
        {
            journal.LogMetrics("r", MlflowBench.Points("loss", 0, 250));
            journal.LogMetrics("r", [new MetricPoint("score", double.NaN, 1, DateTimeOffset.UnixEpoch)]);
        });
        var batches = 0;
        _server.FaultOf = path => path == "runs/log-batch" && ++batches == 2 ? fault : Fault.None;

        await SendAsync(tryTime: fault == Fault.Hang ? 3 : 30);

        _server.Run("run").Metrics.GroupBy(point => point.Key).ToDictionary(metric => metric.Key, metric => metric.Count())
            .ShouldBe(new Dictionary<string, int> { ["loss"] = 250, ["score"] = 1 });
        _server.Run("run").Metrics.Distinct().Count().ShouldBe(251);
        _bench.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Fault.Busy, "7", 7)]
    [InlineData(Fault.Unavailable, "7", 7)]
    [InlineData(Fault.Busy, "86400", 60)]
    [InlineData(Fault.Unavailable, "Tue, 31 Dec 2999 12:00:00 GMT", 60)]
    [InlineData(Fault.Unavailable, "Fri, 31 Dec 1999 12:00:00 GMT", 0)]
    public async Task AServerThatAsksToWaitIsGivenThatTimeUpToAMinute(Fault fault, string retryAfter, double seconds)
    {
        Journal(journal => journal.LogMetrics("r", MlflowBench.Points("loss", 0, 5)));
        var refused = 0;
        _server.RetryAfter = retryAfter;
        _server.FaultOf = path => path == "runs/log-batch" && ++refused <= 2 ? fault : Fault.None;
        var time = new NotedTime();
        var connection = new MlflowConnection(_server.Uri) { RetryPause = TimeSpan.FromMilliseconds(1) };

        await _bench.SyncAsync(new MlflowRestStore(new MlflowClient(connection, time), "tiny", _bench.Warnings.Enqueue));

        time.Pauses.ShouldBe(seconds == 0 ? [] : [TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds)]);
        _server.Run("run").Metrics.Count.ShouldBe(5);
        _bench.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task ARunWhoseAnswerWasLostIsMadeOnce()
    {
        Journal(_ => { });
        var creations = 0;
        _server.FaultOf = path => path == "runs/create" && ++creations == 1 ? Fault.StoreThenDrop : Fault.None;

        await SendAsync();

        _server.Runs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AParamThatChangesIsSaidAndTheOthersArrive()
    {
        Journal(journal => journal.LogParams("r", new Dictionary<string, string> { ["rate"] = "1" }));
        await SendAsync();
        using (var journal = _bench.Open())
        {
            journal.LogParams("r", new Dictionary<string, string> { ["rate"] = "2", ["depth"] = "3" });
        }

        await SendAsync();

        _server.Run("run").Params.ShouldBe(new Dictionary<string, string> { ["rate"] = "1", ["depth"] = "3" });
        _bench.Warnings.ShouldHaveSingleItem().ShouldContain("cannot be changed to '2'");
    }

    [Fact]
    public async Task OneItemThatTheServerChokesOnTakesNoOthersWithIt()
    {
        Journal(journal => journal.LogMetrics("r", [.. MlflowBench.Points("loss", 0, 3), .. MlflowBench.Points("poison", 0, 1)]));
        _server.IsPoison = item => item["key"]!.ToString() == "poison";

        await SendAsync();

        _server.Run("run").Metrics.Count.ShouldBe(3);
        _bench.Warnings.ShouldHaveSingleItem().ShouldContain("refuses metrics poison");
    }

    [Fact]
    public async Task AServerWhoseStoreIsOutOfOrderLosesNothing()
    {
        Journal(journal => journal.LogMetrics("r", MlflowBench.Points("loss", 0, 3)));
        _server.FaultOf = path => path is "runs/log-batch" or "runs/set-tag" ? Fault.InternalError : Fault.None;
        await Should.ThrowAsync<TrackingUnavailableException>(() => SendAsync());

        _server.FaultOf = _ => Fault.None;
        await SendAsync();

        _server.Run("run").Metrics.Count.ShouldBe(3);
        _bench.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task ARunThatWasDeletedOnTheServerIsSaidAndHoldsNothingUp()
    {
        Journal(_ => { });
        await SendAsync();
        _server.Runs.Clear();
        using (var journal = _bench.Open())
        {
            journal.LogMetrics("r", MlflowBench.Points("loss", 0, 3));
            journal.StartRun("s", "second");
        }

        await SendAsync();

        _server.Runs.Values.ShouldHaveSingleItem().Name.ShouldBe("second");
        _bench.Warnings.ShouldHaveSingleItem().ShouldContain("refuses 3 metrics");
    }

    [Fact]
    public async Task CredentialsGoAlong()
    {
        Journal(_ => { });
        var connection = new MlflowConnection(_server.Uri) { Authorization = new("Bearer", "token") };
        await _bench.SyncAsync(new MlflowRestStore(new MlflowClient(connection, TimeProvider.System), "tiny", _bench.Warnings.Enqueue));

        _server.Authorization.ShouldBe("Bearer token");
    }

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
        _server.Violations.ShouldBeEmpty();
    }

    private void Journal(Action<TrackingJournal> write)
    {
        using var journal = _bench.Open();
        journal.StartRun("r", "run");
        write(journal);
    }

    private Task<long> SendAsync(double tryTime = 30) => _bench.SyncAsync(_bench.Rest(_server, tryTime: tryTime));

    /// <summary>Records each pause and ends it at once.</summary>
    private sealed class NotedTime : TimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime <= TimeSpan.Zero)
            {
                // The timer of an attempt, whose time is set later.
                return base.CreateTimer(callback, state, dueTime, period);
            }

            Pauses.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
        }
    }
}
