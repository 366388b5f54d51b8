using System.Text;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Artifacts;
using Microsoft.Extensions.Time.Testing;

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
    public void ATornTailIsNoPartOfTheJournalAndIsNotCopied()
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
    public void AFlippedByteCostsOnlyItsLine()
    {
        Append("one", "two", "three");
        Flip("two");

        var content = JournalContent.Read(JournalFile);

        content.Entries.Select(entry => (string?)entry["event"]).ShouldBe(["one", "three"]);
        content.Damaged.ShouldBe([2]);
        content.IsEndDamaged.ShouldBeFalse();
        content.Damage.ShouldBe("1 damaged line (2)");
    }

    [Fact]
    public void ADamagedJournalIsKeptAndItsReadableLinesGoOn()
    {
        Append("one", "two", "three");
        Flip("two");
        var damaged = File.ReadAllText(JournalFile);

        Append("four");

        JournalContent.Read(JournalFile).ShouldSatisfyAllConditions(
            content => content.Damage.ShouldBeNull(),
            content => content.Entries.Select(entry => (string?)entry["event"]).ShouldBe(["one", "three", RunEvents.JournalRepaired, "four"]));
        File.ReadAllText(JournalFile + ".damaged-1").ShouldBe(damaged);
        Append("five");
        Directory.GetFiles(Folder).Length.ShouldBe(2);
    }

    [Fact]
    public void AWriterWhoseTimeIsOverCannotMixItsLinesIn()
    {
        using var first = RunJournal.Open(JournalFile, TimeProvider.System);
        first.Append("one");
        using var second = RunJournal.Open(JournalFile, TimeProvider.System);

        first.Append("late");
        second.Append("two");
        first.Append("later");

        RunJournal.Read(JournalFile).Select(entry => (string?)entry["event"]).ShouldBe(["one", "two"]);
        Directory.GetFiles(Folder).ShouldBe([JournalFile]);
    }

    [Fact]
    public void AJournalIsNotWrittenWithoutItsLease()
    {
        var time = new FakeTimeProvider();
        using var lease = Lease.TryTake(Folder, "mine", new FakeTimeProvider()).Lease!;
        using var journal = RunJournal.Open(JournalFile, time, lease);
        journal.Append("one");
        var claim = new LeaseClaim(Folder, "yours", time);
        claim.TryTake().ShouldBeNull();
        time.Advance(Lease.Expiry + TimeSpan.FromSeconds(1));
        using var taken = claim.TryTake();

        Should.Throw<LeaseLostException>(() => journal.Append("two"));
        Should.Throw<LeaseLostException>(() => RunJournal.Open(JournalFile, time, lease));
        RunJournal.Read(JournalFile).Count.ShouldBe(1);
    }

    [Fact]
    public void AFolderInItsPlaceIsSetAside()
    {
        Directory.CreateDirectory(JournalFile);

        JournalContent.Read(JournalFile).Damage.ShouldNotBeNull();
        Append("one");

        RunJournal.Read(JournalFile).Select(entry => (string?)entry["event"]).ShouldBe([RunEvents.JournalRepaired, "one"]);
        Directory.Exists(JournalFile + ".damaged-1").ShouldBeTrue();
    }

    [Fact]
    public void ATornTailLongerThanTheNextEntryIsCutOffWhole()
    {
        Append("one", new string('x', 200));
        File.WriteAllBytes(JournalFile, File.ReadAllBytes(JournalFile)[..^1]);

        Append("three");

        RunJournal.Read(JournalFile).Select(entry => (string?)entry["event"]).ShouldBe(["one", "three"]);
        File.ReadAllLines(JournalFile).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234567")]
    [InlineData("12345678")]
    [InlineData("éééééééé")] // more bytes than letters
    [InlineData("e3b0c442 ")] // the checksum of an empty text
    public void ALineThatIsTooShortIsDamaged(string line)
    {
        Append("one");
        File.AppendAllText(JournalFile, line + "\n");

        RunJournal.Read(JournalFile).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(RunEvents.RunStarted, 1)]
    [InlineData(RunEvents.StageStarted, 1)]
    [InlineData(RunEvents.StageDone, 2)]
    [InlineData(RunEvents.StageFailed, 2)]
    [InlineData(RunEvents.StageSkipped, 2)]
    [InlineData(RunEvents.RunEnded, 2)]
    public void WhatEndedAStageOrTheRunIsPutOnTheDisk(string kind, int places)
    {
        using var journal = RunJournal.Open(JournalFile, TimeProvider.System);

        DurableFilesTests.Places(() => "", () => journal.Append(kind)).Count.ShouldBe(places); // the write, and the fsync
    }

    private void Flip(string word)
    {
        var bytes = File.ReadAllBytes(JournalFile);
        bytes[bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word))] ^= 1;
        File.WriteAllBytes(JournalFile, bytes);
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
