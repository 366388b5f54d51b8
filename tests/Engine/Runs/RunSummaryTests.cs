using Experiments.Contracts;
using Experiments.Contracts.Running;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Tests.Runs;

public sealed class RunSummaryTests : IDisposable
{
    private const string Recipe = """
        name: r
        stages:
          lines: { use: write-lines, expect: { lines: "> 0" } }
          more: { use: write-lines, with: { count: 9 } }
          parts: { use: split, inputs: { documents: lines } }
        """;

    private readonly PretendRuns _runs = new();

    [Fact]
    public void ABrokenOffRunCountsWhatIsDoneAndShowsItsNewestFigures()
    {
        _runs.Run(_runs.Bench.Read(Recipe), end: null, until: "parts");

        Summary.ShouldSatisfyAllConditions(
            summary => summary.Status.ShouldBe(RunStatus.BrokenOff),
            summary => (summary.Done, summary.Stages).ShouldBe((2, 3)),
            summary => summary.Duration.ShouldBe(TimeSpan.FromSeconds(20)),
            summary => summary.Newest.ShouldBe("more"),
            summary => summary.Results.Single().Key.ShouldBe("lines"));
    }

    [Fact]
    public void TheLastStageWithFiguresIsTheNewest()
    {
        _runs.Run(_runs.Bench.Read(Recipe));

        Summary.Newest.ShouldBe("parts");
    }

    [Fact]
    public void ARunningRunTakesLongerAsTimeGoesBy()
    {
        _runs.Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        _runs.Run(_runs.Bench.Read(Recipe), end: null, until: "parts", process: Environment.ProcessId);
        _runs.Time.Advance(TimeSpan.FromSeconds(30));

        Summary.Status.ShouldBe(RunStatus.Running);
        Summary.Duration.ShouldBe(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public void TheNewestRunThatIsNotDoneIsResumed()
    {
        var broken = _runs.Run(_runs.Bench.Read(Recipe), end: EndStatus.Failed, until: "parts");
        _runs.Run(_runs.Bench.Read(Recipe, null, "seed=2"));

        Resume(null).Id.ShouldBe(broken.Id);
    }

    [Fact]
    public void ARunThatIsDoneIsNotResumed()
    {
        _runs.Run(_runs.Bench.Read(Recipe));

        Should.Throw<UsageException>(() => Resume("r")).Message.ShouldEndWith("is done.");
        Should.Throw<UsageException>(() => Resume(null)).Message.ShouldContain("all runs are done");
    }

    [Fact]
    public void ARunThatWasKilledBeforeItRecordedItsCallIsPassedOver()
    {
        var broken = _runs.Run(_runs.Bench.Read(Recipe, null, "seed=2"), end: null, until: "parts");
        var newer = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(broken.Path)!, "99991231-000000-ffff")).FullName;
        File.Copy(broken.RecipeFile, Path.Combine(newer, Path.GetFileName(broken.RecipeFile)));
        File.WriteAllText(Path.Combine(newer, Path.GetFileName(broken.JournalFile)), "");
        new RunCatalog(_runs.Folder).Runs[0].Id.ShouldBe(Path.GetFileName(newer));

        Resume(null).Id.ShouldBe(broken.Id);
    }

    [Fact]
    public void ARunWhoseFolderIsGoneSaysWithWhatToGoOn()
    {
        var run = _runs.Run(_runs.Bench.Read(Recipe, null, "seed=2"), end: null, until: "parts");
        var journal = File.ReadAllText(run.JournalFile);
        File.Delete(run.JournalFile);
        using (var moved = RunJournal.Open(run.JournalFile, _runs.Time))
        {
            moved.Append(RunEvents.RunStarted, new() { ["process"] = 999_999_999, ["call"] = new RunCall("r.yaml", "/no/such/folder", new() { Sets = ["seed=2"] }, new()).ToJson() });
        }

        journal.ShouldContain(_runs.Bench.Root);
        Should.Throw<UsageException>(() => Resume(null)).Message.ShouldContain("run `lab run r.yaml --set seed=2`");
    }

    public void Dispose() => _runs.Dispose();

    private RunSummary Summary => RunSummary.Of(new RunCatalog(_runs.Folder).Find("@1"), _runs.Store, _runs.Time.GetUtcNow());

    private RunRecord Resume(string? reference) => RunToResume.Find(new RunCatalog(_runs.Folder), reference, _runs.Time.GetUtcNow());
}
