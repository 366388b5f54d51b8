using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Sweeps;

namespace Experiments.Engine.Tests.Sweeps;

public sealed class TrialRunsTests : TemporaryFolder
{
    private static readonly Trial Second = new(2, 2, new([]), 1);

    [Fact]
    public void ABrokenOffTrialGoesOnThoughAnotherBeganLater()
    {
        var first = Begin("one");
        var second = Begin("two");
        using (var ended = RunJournal.Open(new RunFolder(second).JournalFile, TimeProvider.System))
        {
            ended.Append(RunEvents.RunEnded, new JsonObject { ["status"] = EndStatus.Done.Word() });
        }

        using var resumed = RunFolder.OpenOrCreateAsync(Folder, new JsonObject { ["name"] = "one" }, TimeProvider.System, _ => { }, CancellationToken.None).GetAwaiter().GetResult();
        resumed.Folder.Path.ShouldBe(first);
        resumed.IsResumed.ShouldBeTrue();
        using var again = RunFolder.OpenOrCreateAsync(Folder, new JsonObject { ["name"] = "two" }, TimeProvider.System, _ => { }, CancellationToken.None).GetAwaiter().GetResult();
        again.IsResumed.ShouldBeFalse();
    }

    [Fact]
    public void ATrialWhoseRunEndedIsFoundByItsMark()
    {
        var runs = new TrialRuns(new ArtifactStore(Folder, _ => { }), Folder, "s1", new("lines", "lines", IsMaximized: false));
        Record("20260131-120000-0001", "s1", 1, EndStatus.Failed);
        Record("20260131-120000-0002", "s2", 2, EndStatus.Failed);
        runs.Finished(Second).ShouldBeNull();
        Record("20260131-120000-0003", "s1", 2, EndStatus.Interrupted);
        runs.Finished(Second).ShouldBeNull();
        Record("20260131-120000-0004", "s1", 2, EndStatus.Failed);

        var end = runs.Finished(Second)!;
        (end.Status, end.Run, end.Message).ShouldBe((EndStatus.Failed, "20260131-120000-0004", "stage 'lines': it broke"));
    }

    [Fact]
    public void ARunWithoutItsObjectiveFailed() =>
        new TrialRuns(new ArtifactStore(Folder, _ => { }), Folder, "s1", new("words", "loss", IsMaximized: false))
            .End(Record("20260131-120000-0001", "s1", 2, EndStatus.Done), 1).Message.ShouldBe("stage 'words' has no artifact");

    private string Begin(string recipe)
    {
        using var opened = RunFolder.OpenOrCreateAsync(Folder, new JsonObject { ["name"] = recipe }, TimeProvider.System, _ => { }, CancellationToken.None).GetAwaiter().GetResult();
        return opened.Folder.Path;
    }

    private string Record(string id, string sweep, int trial, EndStatus status)
    {
        var run = new RunFolder(Directory.CreateDirectory(Path.Combine(Folder, id)).FullName);
        using var journal = RunJournal.Open(run.JournalFile, TimeProvider.System);
        journal.Append(RunEvents.RunStarted, new JsonObject { ["sweep"] = sweep, ["trial"] = trial });
        journal.Append(RunEvents.StageFailed, new JsonObject { ["stage"] = "lines", ["key"] = "k", ["outcome"] = nameof(StageOutcome.Failed), ["message"] = "it broke" });
        journal.Append(RunEvents.RunEnded, new JsonObject { ["status"] = status.Word() });
        return id;
    }
}
