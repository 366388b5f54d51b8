using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Microsoft.Extensions.Time.Testing;

namespace Experiments.Engine.Tests.Runs;

public sealed class RunRecordTests : TemporaryFolder
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public void TimeBetweenTwoSessionsIsNotPartOfTheDuration()
    {
        Append(RunEvents.RunStarted);
        Append(RunEvents.StageStarted, 5, Stage("a", "k"));
        Append(RunEvents.RunStarted, 1000);
        Append(RunEvents.RunEnded, 7, new() { ["status"] = EndStatus.Done.Word() });

        Record.Duration.ShouldBe(TimeSpan.FromSeconds(12));
    }

    [Fact]
    public void AttemptsAtOneKeyAddUpAndThoseAtAnotherDoNot()
    {
        Append(RunEvents.StageFailed, 0, Stage("a", "old", "Interrupted", 100));
        Append(RunEvents.StageFailed, 0, Stage("a", "new", "Interrupted", 4));
        Append(RunEvents.StageDone, 0, Stage("a", "new", "Made", 3));

        Record.Stages["a"].ShouldSatisfyAllConditions(
            stage => stage.Outcome.ShouldBe(StageOutcome.Made),
            stage => stage.Seconds.ShouldBe(7));
    }

    [Fact]
    public void ARunWithoutEndWhoseProcessLivesIsRunning()
    {
        Append(RunEvents.RunStarted, 0, new() { ["host"] = Environment.MachineName, ["process"] = Environment.ProcessId });

        Record.Status(_time.GetUtcNow()).ShouldBe(RunStatus.Running);
    }

    [Fact]
    public void AProcessThatInheritedTheNumberIsNotTheRuns()
    {
        var before = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(30));
        using (var journal = RunJournal.Open(Run.JournalFile, before))
        {
            journal.Append(RunEvents.RunStarted, new JsonObject { ["host"] = Environment.MachineName, ["process"] = Environment.ProcessId });
        }

        Record.Status(_time.GetUtcNow()).ShouldBe(RunStatus.BrokenOff);
    }

    [Fact]
    public void ARunOfAnotherMachineLivesAsLongAsItsLeaseIsRenewed()
    {
        Append(RunEvents.RunStarted, 0, new() { ["host"] = "elsewhere", ["process"] = 1 });
        var lease = Path.Combine(Run.Path, Lease.FileName);
        File.WriteAllText(lease, """{"attempt":"a","place":"elsewhere","host":"elsewhere","process":"1"}""");

        Record.Status(_time.GetUtcNow()).ShouldBe(RunStatus.Running);
        File.SetLastWriteTimeUtc(lease, File.GetLastWriteTimeUtc(lease) - 3 * Lease.Expiry);
        Record.Status(_time.GetUtcNow()).ShouldBe(RunStatus.BrokenOff);
    }

    [Fact]
    public void AProcessOfAnotherContainerWithTheSameNameIsNotLookedForHere()
    {
        Append(RunEvents.RunStarted, 0, new() { ["host"] = Environment.MachineName, ["place"] = "another container", ["process"] = Environment.ProcessId });

        Record.Status(_time.GetUtcNow()).ShouldBe(RunStatus.BrokenOff);
    }

    [Fact]
    public void AResumedRunLivesAsLongAsTheProcessThatResumedIt()
    {
        Append(RunEvents.RunStarted, 0, new() { ["host"] = Environment.MachineName, ["process"] = 999_999_999 });
        Append(RunEvents.RunEnded, 0, new() { ["status"] = EndStatus.Interrupted.Word() });
        Append(RunEvents.RunStarted, 0, new() { ["host"] = Environment.MachineName, ["process"] = Environment.ProcessId });

        Record.Status(_time.GetUtcNow()).ShouldBe(RunStatus.Running);
    }

    [Fact]
    public void TheCallIsReadAsItWasRecorded()
    {
        var call = new RunCall("r.yaml", "/work", new RecipeArguments { Profile = "smoke", Sets = ["vars.x=[a, b]"] }, new RunSelection { Only = ["a"], Until = "b" });
        Append(RunEvents.RunStarted, 0, new() { ["process"] = 1, ["call"] = call.ToJson() });

        Record.Call!.ToString().ShouldBe("lab run r.yaml --profile smoke --set 'vars.x=[a, b]' --only a --until b");
        Record.Call.WorkingDirectory.ShouldBe("/work");
    }

    [Fact]
    public void ARunThatDidNotRecordItsCallHasNone()
    {
        Append(RunEvents.RunStarted, 0, new() { ["process"] = 1 });

        Record.Call.ShouldBeNull();
    }

    private RunFolder Run => new(Directory.CreateDirectory(Path.Combine(Folder, "r", "run")).FullName);

    private RunRecord Record => new(Run);

    private static JsonObject Stage(string name, string key, string? outcome = null, double? seconds = null) =>
        new() { ["stage"] = name, ["key"] = key, ["identity"] = new JsonObject { ["seed"] = 1 }, ["outcome"] = outcome, ["seconds"] = seconds };

    private void Append(string kind, double after = 0, JsonObject? facts = null)
    {
        _time.Advance(TimeSpan.FromSeconds(after));
        using var journal = RunJournal.Open(Run.JournalFile, _time);
        journal.Append(kind, facts);
    }
}
