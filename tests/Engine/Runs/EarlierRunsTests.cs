using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Recipes;
using Experiments.Engine.Tests.Tracking;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Runs;

public sealed class EarlierRunsTests : IDisposable, IPluginSource, ITracker
{
    private const int DeadProcess = 999_999_999;

    private readonly TrackingBench _bench = new();
    private readonly MemoryStore _store = new();
    private readonly List<(string Tracker, TrackingPlace Place)> _opened = [];

    [Fact]
    public async Task ARunThatWasKilledIsEndedAsKilledAtItsLastSignOfLifeAndOnce()
    {
        var run = Run("20260131-120000-aaaa", DeadProcess);
        var died = new DateTime(2026, 1, 31, 13, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(run.TrackingFile, died);

        (await SendAsync()).ShouldHaveSingleItem().ShouldBe(new SentRun(run.Id, SentRunState.Sent, 7, "7 lines sent to memory"));
        (await SendAsync()).ShouldHaveSingleItem().Lines.ShouldBe(0);

        _store.Runs[run.Id].End.ShouldBe(new(EndStatus.Interrupted, died));
        _store.Runs[$"{run.Id}/base"].End!.Status.ShouldBe(EndStatus.Interrupted);
        _store.Runs[$"{run.Id}/clean"].End!.Status.ShouldBe(EndStatus.Done);
        Lines(run).Select(line => line.Entry).OfType<RunEnded>().Select(end => end.Run).ShouldBe([$"{run.Id}/clean", $"{run.Id}/base", run.Id]);
    }

    [Theory]
    [InlineData(EndStatus.Done)]
    [InlineData(EndStatus.Failed)]
    [InlineData(EndStatus.Interrupted)]
    public async Task ARunThatDiedAfterItsEndIsEndedAsItsJournalTells(EndStatus end)
    {
        var run = Run("20260131-120000-aaaa", DeadProcess, end);

        await SendAsync();

        _store.Runs[run.Id].End!.Status.ShouldBe(end);
    }

    [Fact]
    public async Task ARunWhoseProcessDiedRightAfterTheEndOfAStageIsEndedToo()
    {
        var run = Run("20260131-120000-aaaa", DeadProcess);
        using (var tracking = TrackingJournal.Open(run.TrackingFile, TimeProvider.System))
        {
            tracking.EndRun($"{run.Id}/base", EndStatus.Done);
        }

        await SendAsync();

        _store.Runs[run.Id].End!.Status.ShouldBe(EndStatus.Interrupted);
        _store.Runs[$"{run.Id}/base"].End!.Status.ShouldBe(EndStatus.Done);
    }

    [Fact]
    public async Task ARunInProgressIsLeftAloneAndNamed()
    {
        var run = Run("20260131-120000-aaaa", Environment.ProcessId);
        var length = new FileInfo(run.TrackingFile).Length;

        (await SendAsync()).ShouldHaveSingleItem().ShouldBe(new SentRun(run.Id, SentRunState.LeftAlone, 0, "it is running and sends its own data"));

        new FileInfo(run.TrackingFile).Length.ShouldBe(length);
        _store.Calls.ShouldBeEmpty();
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
        var run = Run("20260131-120000-aaaa", DeadProcess, EndStatus.Done);
        using var lease = Lease.TryTake(run.Path, "other", TimeProvider.System, "tracking.lease.json").Lease;

        var sent = (await SendAsync()).ShouldHaveSingleItem();

        sent.State.ShouldBe(SentRunState.LeftAlone);
        sent.Message.ShouldStartWith($"process {Environment.ProcessId} on {Environment.MachineName} is sending it");
        _store.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task AStoreThatIsAwayIsNotTriedForEachRun()
    {
        Run("20260131-120000-aaaa", DeadProcess, EndStatus.Done);
        Run("20260131-130000-bbbb", DeadProcess, EndStatus.Done);
        _store.IsAway = true;

        var runs = await SendAsync();

        runs.Select(run => run.State).ShouldBe([SentRunState.Failed, SentRunState.Failed]);
        _store.Calls.ShouldBe(["start in doubt"]);
    }

    [Fact]
    public async Task WhatIsSentAlreadyIsNotSentAgainOnTheSide()
    {
        Run("20260131-120000-aaaa", DeadProcess);
        await SendAsync();
        var later = Run("20260131-130000-bbbb", DeadProcess);

        (await SendAsync(onlyUnsent: true)).ShouldHaveSingleItem().Id.ShouldBe(later.Id);
    }

    [Theory]
    [InlineData("""{"experiment":"tiny","uri":null}""", """{"use":"mlflow"}""", null)]
    [InlineData("""{"experiment":"tiny","tracker":{"file":"a.txt","use":"notes"},"uri":"x"}""", """{"file":"a.txt","use":"notes"}""", "x")]
    public async Task ARunGoesToTheTrackerOfItsRecipe(string tracking, string tracker, string? uri)
    {
        Run("20260131-120000-aaaa", DeadProcess, EndStatus.Done, tracking);

        await SendAsync();

        _opened.ShouldBe([(tracker, new TrackingPlace(uri, "tiny", _bench.Folder))]);
    }

    [Fact]
    public async Task ARunWhoseTrackerIsNotThereIsSaid()
    {
        Run("20260131-120000-aaaa", DeadProcess, EndStatus.Done, """{"tracker":{"use":"note"}}""");

        var sent = (await SendAsync(plugins: RecipeBench.Catalog)).ShouldHaveSingleItem();

        sent.State.ShouldBe(SentRunState.Failed);
        sent.Message.ShouldContain("no tracker 'note'. Did you mean 'notes'? Trackers: mlflow, notes. If it is in a plugin file, name that file:");
    }

    public void Dispose() => _bench.Dispose();

    T IPluginSource.Create<T>(JsonElement recipe)
    {
        _opened.Add((recipe.GetRawText(), null!));
        return (T)(object)this;
    }

    IReadOnlyList<T> IPluginSource.All<T>() => [(T)(object)this];

    public ITrackingStore Open(TrackingPlace place, TimeProvider time, Action<string> warn)
    {
        _opened[^1] = (_opened[^1].Tracker, place);
        return _store;
    }

    private Task<List<SentRun>> SendAsync(bool onlyUnsent = false, IPluginSource? plugins = null) =>
        new EarlierRuns(_bench.Folder, plugins ?? this, TimeProvider.System, _bench.Warnings.Enqueue)
            .SendAsync(onlyUnsent, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask();

    /// <summary>A run of which one stage was done and one at work when its process ended without a word to its tracking journal.</summary>
    private RunFolder Run(string id, int process, EndStatus? end = null, string settings = """{"experiment":"tiny","uri":null}""")
    {
        var run = new RunFolder(Directory.CreateDirectory(Path.Combine(_bench.Folder, "tiny", id)).FullName);
        File.WriteAllText(run.RecipeFile, $$"""{"name":"tiny","tracking":{{settings}}}""");
        using (var journal = RunJournal.Open(run.JournalFile, TimeProvider.System))
        {
            journal.Append(RunEvents.RunStarted, new JsonObject { ["host"] = Environment.MachineName, ["process"] = process });
            if (end is not null)
            {
                journal.Append(RunEvents.RunEnded, new JsonObject { ["status"] = end.Value.Word() });
            }
        }

        using var tracking = TrackingJournal.Open(run.TrackingFile, TimeProvider.System);
        tracking.StartRun(id, id);
        tracking.StartRun($"{id}/clean", "clean", id);
        tracking.EndRun($"{id}/clean", EndStatus.Done);
        tracking.StartRun($"{id}/base", "base", id);
        tracking.LogMetrics($"{id}/base", TrackingBench.Points("loss", 0, 5));
        return run;
    }

    private static IEnumerable<TrackingLine> Lines(RunFolder run) => TrackingLines.Read(run.TrackingFile, 0);
}
