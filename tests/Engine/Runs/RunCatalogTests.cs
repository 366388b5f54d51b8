using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Tests.Runs;

public sealed class RunCatalogTests : TemporaryFolder
{
    public RunCatalogTests()
    {
        Add("alpha", "20260101-100000-aaaa");
        Add("alpha", "20260102-100000-bbbb");
        Add("beta", "20260103-100000-cccc");
        Directory.CreateDirectory(Path.Combine(Folder, "artifacts", "train-bpe-1"));
    }

    [Theory]
    [InlineData("20260101-100000-aaaa", "aaaa")]
    [InlineData("20260101", "aaaa")]
    [InlineData("alpha", "bbbb")]
    [InlineData("@1", "cccc")]
    [InlineData("@3", "aaaa")]
    public void ARunIsFoundByWhatAPersonCallsIt(string reference, string end) => new RunCatalog(Folder).Find(reference).Id.ShouldEndWith(end);

    [Fact]
    public void AnAmbiguousPrefixListsTheRuns() =>
        Should.Throw<UsageException>(() => new RunCatalog(Folder).Find("2026")).Message.ShouldContain("20260103-100000-cccc, 20260102-100000-bbbb");

    [Fact]
    public void AnUnknownNameGetsASuggestion() =>
        Should.Throw<UsageException>(() => new RunCatalog(Folder).Find("alhpa")).Message.ShouldStartWith("No run 'alhpa'. Did you mean 'alpha'?");

    [Theory]
    [InlineData("@4")]
    [InlineData("@0")]
    [InlineData("@x")]
    public void ANumberThatIsNoneSaysHowManyThereAre(string reference) =>
        Should.Throw<UsageException>(() => new RunCatalog(Folder).Find(reference)).Message.ShouldContain("@3 the oldest");

    private void Add(string recipe, string id)
    {
        var folder = new RunFolder(Directory.CreateDirectory(Path.Combine(Folder, recipe, id)).FullName);
        using var journal = RunJournal.Open(folder.JournalFile, TimeProvider.System);
        journal.Append(RunEvents.RunStarted, new JsonObject { ["process"] = 1 });
    }
}
