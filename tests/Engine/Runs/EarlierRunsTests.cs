using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Tracking;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Runs;

public sealed class EarlierRunsTests : IDisposable
{
    private const int DeadProcess = 999_999_999;

    private readonly TrackingBench _bench = new();
    private readonly FakeMlflow _server = new();

    [Fact]
    public async Task ARunThatWasKilledIsEndedAsKilledAtItsLastSignOfLifeAndOnce()
    {
        var run = Run("20260131-120000-aaaa", DeadProcess);
        var died = new DateTime(2026, 1, 31, 13, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(run.TrackingFile, died);

        (await SendAsync()).ShouldHaveSingleItem().ShouldBe(new SentRun(run.Id, SentRunState.Sent, 7, $"7 lines sent to {_server.Uri}"));
        (await SendAsync()).ShouldHaveSingleItem().Lines.ShouldBe(0);

        _server.Run(run.Id).Status.ShouldBe("KILLED");
        _server.Run(run.Id).EndTime.ShouldBe(new DateTimeOffset(died).ToUnixTimeMilliseconds());
        _server.Run("base").Status.ShouldBe("KILLED");
        _server.Run("clean").Status.ShouldBe("FINISHED");
        Lines(run).Select(line => line.Entry).OfType<RunEnded>().Select(end => end.Run).ShouldBe([$"{run.Id}/clean", $"{run.Id}/base", run.Id]);
    }

    [Theory]
    [InlineData(RunEvents.Done, "FINISHED")]
    [InlineData(RunEvents.Failed, "FAILED")]
    [InlineData(RunEvents.Interrupted, "KILLED")]
    public async Task ARunThatDiedBehindItsEndIsEndedAsItsJournalTells(string end, string expected)
    {
        var run = Run("20260131-120000-aaaa", DeadProcess, end);

        await SendAsync();

        _server.Run(run.Id).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task ARunInProgressIsLeftAloneAndNamed()
    {
        var run = Run("20260131-120000-aaaa", Environment.ProcessId);
        var length = new FileInfo(run.TrackingFile).Length;

        (await SendAsync()).ShouldHaveSingleItem().ShouldBe(new SentRun(run.Id, SentRunState.LeftAlone, 0, "it is running, and sends what it tracks itself"));

        new FileInfo(run.TrackingFile).Length.ShouldBe(length);
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task ARunThatJustGoesOnAgainIsLeftAlone()
    {
        var run = Run("20260131-120000-aaaa", DeadProcess);
        var length = new FileInfo(run.TrackingFile).Length;
        using var lease = Lease.TryTake(run.Path, "resumed", TimeProvider.System).Lease;

        (await SendAsync()).ShouldHaveSingleItem().State.ShouldBe(SentRunState.LeftAlone);

        new FileInfo(run.TrackingFile).Length.ShouldBe(length);
    }

    [Fact]
    public async Task AJournalThatAnotherProcessSendsIsLeftAloneAndTheProcessNamed()
    {
        var run = Run("20260131-120000-aaaa", DeadProcess, RunEvents.Done);
        using var lease = Lease.TryTake(run.Path, "other", TimeProvider.System, "tracking.lease.json").Lease;

        var sent = (await SendAsync()).ShouldHaveSingleItem();

        sent.State.ShouldBe(SentRunState.LeftAlone);
        sent.Message.ShouldStartWith($"process {Environment.ProcessId} on {Environment.MachineName} is sending it");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task AServerThatIsAwayIsNotTriedForEachRun()
    {
        Run("20260131-120000-aaaa", DeadProcess, RunEvents.Done);
        Run("20260131-130000-bbbb", DeadProcess, RunEvents.Done);
        _server.FaultOf = _ => Fault.Unavailable;
        _server.RetryAfter = "0";

        var runs = await SendAsync();

        runs.Select(run => run.State).ShouldBe([SentRunState.Failed, SentRunState.Failed]);
        _server.Requests.Count.ShouldBe(1 + new MlflowConnection(_server.Uri).Retries);
    }

    [Fact]
    public async Task WhatIsSentAlreadyIsNotSentAgainOnTheSide()
    {
        Run("20260131-120000-aaaa", DeadProcess);
        await SendAsync();
        var later = Run("20260131-130000-bbbb", DeadProcess);

        (await SendAsync(onlyUnsent: true)).ShouldHaveSingleItem().Id.ShouldBe(later.Id);
    }

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
        _server.Violations.ShouldBeEmpty();
    }

    private Task<List<SentRun>> SendAsync(bool onlyUnsent = false) =>
        new EarlierRuns(_bench.Folder, _server.Uri.AbsoluteUri, TimeProvider.System, _bench.Warnings.Enqueue)
            .SendAsync(onlyUnsent, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask();

    /// <summary>
    /// A run whose process ended without an entry in its tracking journal, when one stage was done and one was running.
    /// </summary>
    private RunFolder Run(string id, int process, string? end = null)
    {
        var run = new RunFolder(Directory.CreateDirectory(Path.Combine(_bench.Folder, "tiny", id)).FullName);
        File.WriteAllText(run.RecipeFile, """{"name":"tiny","tracking":{"experiment":"tiny","uri":null}}""");
        using (var journal = RunJournal.Open(run.JournalFile, TimeProvider.System))
        {
            journal.Append(RunEvents.RunStarted, new JsonObject { ["host"] = Environment.MachineName, ["process"] = process });
            if (end is not null)
            {
                journal.Append(RunEvents.RunEnded, new JsonObject { ["status"] = end });
            }
        }

        using var tracking = TrackingJournal.Open(run.TrackingFile, TimeProvider.System);
        tracking.StartRun(id, id);
        tracking.StartRun($"{id}/clean", "clean", id);
        tracking.EndRun($"{id}/clean", TrackedStatus.Finished);
        tracking.StartRun($"{id}/base", "base", id);
        tracking.LogMetrics($"{id}/base", TrackingBench.Points("loss", 0, 5));
        return run;
    }

    private static IEnumerable<TrackingLine> Lines(RunFolder run) => TrackingLines.Read(run.TrackingFile, 0);
}
