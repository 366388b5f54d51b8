using System.Text;
using Experiments.Contracts.Running;
using Experiments.Engine.Collection;
using Experiments.Engine.Planning;
using Experiments.Engine.Runs;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Collection;

/// <summary>What is collected when the files of a run are damaged: nothing that the run may have used.</summary>
public sealed class DamagedRunTests : CollectionBench
{
    [Theory]
    [InlineData("flip the first key")]
    [InlineData("flip every key")]
    [InlineData("empty")]
    [InlineData("delete")]
    [InlineData("folder")]
    [InlineData("garbage")]
    [InlineData("journal of another run")]
    public void ARunWithADamagedJournalKeepsAllArtifacts(string damage)
    {
        var run = Tracked(Run(1));
        var other = _runs.Run(_runs.Bench.Read("{ name: other, stages: { other: { use: write-lines, with: { count: 9 } } } }"));
        Damage(run, damage, other);
        var collection = Collection();

        collection.Find(withRuns: true).ShouldBeEmpty();

        collection.Doubts.ShouldHaveSingleItem().ShouldContain(run.Id);
        new RunRecord(run).Damage.ShouldHaveSingleItem().ShouldStartWith("journal.jsonl: ");
        RunDamage.In(_runs.Folder).ShouldHaveSingleItem().ShouldContain(run.JournalFile);
    }

    [Fact]
    public void ADamagedLineThatCostsNoKeyIsNoDoubt()
    {
        var run = Tracked(Run(1));
        Run(2);
        Flip(run, "run_started", times: 1);
        var collection = Collection(keep: 2);

        collection.Find(withRuns: false).ShouldBeEmpty();
        collection.Doubts.ShouldBeEmpty();
        Collection(keep: 1).Find(withRuns: false).Count.ShouldBe(2);
    }

    [Fact]
    public void ADamagedEndLeavesTheRunTheNewestThatMayBeDone()
    {
        var done = Run(1);
        Flip(done, "run_ended", times: 1);
        _runs.Run(Read(2), end: null, until: "parts");

        Found(keep: 1).ShouldBeEmpty();
        new RunRecord(done).Status(_runs.Time.GetUtcNow()).ShouldBe(RunStatus.BrokenOff);
    }

    [Fact]
    public void AJournalThatWasCutIsCompletedByTheTrackingJournal()
    {
        var run = Tracked(Run(1));
        var lines = File.ReadAllLines(run.JournalFile);
        File.WriteAllLines(run.JournalFile, lines[..1]);

        Found().ShouldBeEmpty();
    }

    [Fact]
    public void AResumedRunWritesDownAgainWhatItUsed()
    {
        var recipe = Read(1);
        var run = Tracked(Run(1));
        Damage(run, "flip every key", run);
        run.IsDone(recipe.Resolved).ShouldBeFalse();

        _runs.Run(recipe).ShouldBe(run);

        var collection = Collection();
        collection.Find(withRuns: false).ShouldBeEmpty();
        collection.Doubts.ShouldBeEmpty();
        new RunRecord(run).Damage.ShouldBeEmpty();
        run.IsDone(recipe.Resolved).ShouldBeTrue();
        File.Exists(run.JournalFile + ".damaged-1").ShouldBeTrue();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"stages":[1]}""")]
    [InlineData("""{"stages":{"lines":7},"tracking":7}""")]
    [InlineData("""{"stages":{},"stages":{}}""")]
    public void ADamagedRecipeIsSaidAndCostsNothing(string text)
    {
        var run = Run(1);
        Run(2);
        File.WriteAllText(run.RecipeFile, text);

        Found(keep: 2).ShouldBeEmpty();
        new RunRecord(run).Damage.ShouldHaveSingleItem().ShouldStartWith("recipe.json: ");
        RunSummary.Of(new RunRecord(run), _runs.Store, _runs.Time.GetUtcNow()).Done.ShouldBe(2);
        Collection(keep: 1).Find(withRuns: true).ShouldNotContain(garbage => garbage.Kind == GarbageKind.Run);
    }

    [Fact]
    public void AUsedArtifactWithoutAReadableManifestKeepsAllThatItMayBeMadeFrom()
    {
        Run(1);
        _runs.Run(_runs.Bench.Read("{ name: r, stages: { other: { use: write-lines, with: { count: 9 } } } }"));
        var parts = _runs.Store.All().Single(artifact => artifact.Manifest.Plugin == "split");
        Directory.Delete(RunFolder.Of(Path.Combine(_runs.Folder, "r")).Last().Path, recursive: true);
        Used(parts.Manifest.Key, process: 999_999_999);
        File.WriteAllText(Path.Combine(parts.Folder, "artifact.json"), "");
        var collection = Collection();

        collection.Find(withRuns: false).ShouldBeEmpty();
        collection.Doubts.ShouldHaveSingleItem().ShouldContain(Path.GetFileName(parts.Folder));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"store":null,"offset":null,"runs":null}""")]
    public void ADamagedRecordOfWhatWasSentCountsAsNotSent(string text)
    {
        var run = Tracked(Run(1));
        Run(2);
        File.WriteAllText(Path.Combine(run.Path, "tracking.sent-0011.json"), text);

        Collection().Find(withRuns: true).ShouldNotContain(garbage => garbage.Kind == GarbageKind.Run);
    }

    [Fact]
    public void FoldersThatVanishWhileTheyAreMeasuredAreLeftOut()
    {
        Run(1);
        for (var i = 0; i < 50; i++)
        {
            Directory.CreateDirectory(Path.Combine(Attempt(new string((char)('a' + (i % 6)), 60) + $"{i:0000}"), "a", "b"));
        }

        var tmp = Path.Combine(_runs.Store.Root, "tmp");
        var removing = Task.Run(() => Directory.EnumerateDirectories(tmp).ToList().ForEach(folder => Directory.Delete(folder, recursive: true)), TestContext.Current.CancellationToken);
        while (!removing.IsCompleted)
        {
            Found().ShouldAllBe(garbage => garbage.Kind == GarbageKind.Attempt);
        }

        Found().ShouldBeEmpty();
        _runs.Plan(Read(1)).ShouldAllBe(stage => stage.State == StageState.Hit);
    }

    /// <summary>Writes the tracking journal that a run with these stages has.</summary>
    private RunFolder Tracked(RunFolder run)
    {
        using var journal = TrackingJournal.Open(run.TrackingFile, _runs.Time);
        journal.StartRun(run.Id, run.Id);
        foreach (var stage in new RunRecord(run).Stages.Values)
        {
            journal.SetTags($"{run.Id}/{stage.Stage}", new Dictionary<string, string> { ["lab.key"] = stage.Key! });
        }

        journal.EndRun(run.Id, EndStatus.Done);
        return run;
    }

    private static void Damage(RunFolder run, string damage, RunFolder other)
    {
        switch (damage)
        {
            case "flip the first key":
                Flip(run, "\"key\"", times: 2); // its start and its end
                break;
            case "flip every key":
                Flip(run, "\"key\"", times: int.MaxValue);
                break;
            case "empty":
                File.WriteAllText(run.JournalFile, "");
                break;
            case "delete":
                File.Delete(run.JournalFile);
                break;
            case "folder":
                File.Delete(run.JournalFile);
                Directory.CreateDirectory(run.JournalFile);
                break;
            case "journal of another run":
                File.Copy(other.JournalFile, run.JournalFile, overwrite: true);
                break;
            default:
                File.WriteAllText(run.JournalFile, "{\"event\":null}\n{\"event\":null}\n");
                break;
        }
    }

    private static void Flip(RunFolder run, string word, int times)
    {
        var bytes = File.ReadAllBytes(run.JournalFile);
        for (var (place, done) = (0, 0); done < times && bytes.AsSpan(place).IndexOf(Encoding.UTF8.GetBytes(word)) is var next and >= 0; done++)
        {
            place += next + 1;
            bytes[place] ^= 1;
        }

        File.WriteAllBytes(run.JournalFile, bytes);
    }
}
