using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Runs;
using Microsoft.Extensions.Time.Testing;

namespace Experiments.Engine.Tests.Runs;

public sealed class RunFolderTests : TemporaryFolder
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(null, true)]
    [InlineData(EndStatus.Interrupted, true)]
    [InlineData(EndStatus.Failed, false)]
    [InlineData(EndStatus.Done, false)]
    public void OnlyARunThatWasBrokenOffOrInterruptedIsResumed(EndStatus? end, bool isResumed)
    {
        var first = Run("one", end);

        using var second = Open("one");

        second.IsResumed.ShouldBe(isResumed);
        (second.Folder.Path == first.Path).ShouldBe(isResumed);
    }

    [Fact]
    public void ARunOfAnotherRecipeIsNotResumed()
    {
        Run("one", end: null);

        using var other = Open("two");

        other.IsResumed.ShouldBeFalse();
        other.Folder.IsOf(new JsonObject { ["name"] = "two" }).ShouldBeTrue();
    }

    [Fact]
    public void ARunThatAnotherProcessHoldsIsNotResumed()
    {
        using var first = Open("one");

        _time.Advance(TimeSpan.FromSeconds(1));

        using var second = Open("one");

        second.IsResumed.ShouldBeFalse();
        second.Folder.Path.ShouldNotBe(first.Folder.Path);
    }

    [Fact]
    public void AResumedRunThatRecordedNoEndWasBrokenOff()
    {
        var run = Run("one", EndStatus.Interrupted);
        run.End().ShouldBe(EndStatus.Interrupted);
        using (var journal = RunJournal.Open(run.JournalFile, _time))
        {
            journal.Append(RunEvents.RunStarted);
        }

        run.End().ShouldBeNull();
    }

    [Fact]
    public void SweepsAreNotRuns()
    {
        var run = Run("one", EndStatus.Done);
        Directory.CreateDirectory(Path.Combine(Folder, SweepFolder.Parent, "20260131-120000-0000"));

        RunFolder.Of(Folder).ShouldBe([run]);
    }

    private Opened<RunFolder> Open(string recipe) => RunFolder.OpenOrCreateAsync(Folder, new JsonObject { ["name"] = recipe }, _time, _ => { }, CancellationToken.None).GetAwaiter().GetResult();

    private RunFolder Run(string recipe, EndStatus? end)
    {
        using var opened = Open(recipe);
        using var journal = RunJournal.Open(opened.Folder.JournalFile, _time);
        journal.Append(RunEvents.RunStarted);
        if (end is not null)
        {
            journal.Append(RunEvents.RunEnded, new JsonObject { ["status"] = end.Value.Word() });
        }

        return opened.Folder;
    }
}
