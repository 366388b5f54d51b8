using System.Text.Json.Nodes;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Tests.Runs;

public sealed class RunJournalTests : TemporaryFolder
{
    private string JournalFile => Path.Combine(Folder, "journal.jsonl");

    [Fact]
    public void EntriesAreReadInOrder()
    {
        Append("one", "two");

        RunJournal.Read(JournalFile).Select(entry => (string?)entry["event"]).ShouldBe(["one", "two"]);
    }

    [Fact]
    public void ATornTailIsNoPartOfTheJournalAndIsCutOff()
    {
        Append("one", "two");
        var whole = File.ReadAllBytes(JournalFile);
        for (var cut = 1; cut < 40; cut++)
        {
            File.WriteAllBytes(JournalFile, whole[..^cut]);

            RunJournal.Read(JournalFile).Count.ShouldBe(1);
        }

        Append("three");

        RunJournal.Read(JournalFile).Select(entry => (string?)entry["event"]).ShouldBe(["one", "three"]);
    }

    [Fact]
    public void AFlippedByteEndsTheJournalThere()
    {
        Append("one", "two", "three");
        var bytes = File.ReadAllBytes(JournalFile);
        bytes[bytes.AsSpan().IndexOf("two"u8)] ^= 1;
        File.WriteAllBytes(JournalFile, bytes);

        RunJournal.Read(JournalFile).Select(entry => (string?)entry["event"]).ShouldBe(["one"]);
    }

    private void Append(params string[] kinds)
    {
        using var journal = RunJournal.Open(JournalFile, TimeProvider.System);
        foreach (var kind in kinds)
        {
            journal.Append(kind, new JsonObject { ["stage"] = "s" });
        }
    }
}
