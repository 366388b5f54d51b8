using System.Text.Json.Nodes;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Artifacts;

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
    public void ALineThatIsTooShortEndsTheJournalThere(string line)
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
    public void WhatEndedAStageOrTheRunIsPutOnTheDisk(string kind, int places) =>
        DurableFilesTests.Places(() => "", () => Append(kind)).Count.ShouldBe(places); // the write, and the fsync

    private void Append(params string[] kinds)
    {
        using var journal = RunJournal.Open(JournalFile, TimeProvider.System);
        foreach (var kind in kinds)
        {
            journal.Append(kind, new JsonObject { ["stage"] = "s" });
        }
    }
}
