using Experiments.Engine.Artifacts;
using Experiments.Engine.Collection;
using Experiments.Engine.Planning;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Tests.Collection;

public sealed class GarbageCollectionTests : CollectionBench
{
    [Fact]
    public void TheNewestRunsKeepWhatTheyUsed()
    {
        Run(1);
        Run(2);
        Run(3);

        Found(keep: 3).ShouldBeEmpty();
        Found(keep: 2).Select(garbage => garbage.Kind).ShouldBe([GarbageKind.Artifact, GarbageKind.Artifact]);
        Collection(keep: 2).Remove(Found(keep: 2));

        _runs.Store.All().Count().ShouldBe(4);
        _runs.Plan(Read(3)).ShouldAllBe(stage => stage.State == StageState.Hit);
    }

    [Fact]
    public void WhatAKeptArtifactWasMadeFromStays()
    {
        Run(1);
        _runs.Run(_runs.Bench.Read("{ name: r, stages: { other: { use: write-lines, with: { count: 9 } } } }"));
        var parts = _runs.Store.All().Single(artifact => artifact.Manifest.Plugin == "split");
        Directory.Delete(RunFolder.Of(Path.Combine(_runs.Folder, "r")).Last().Path, recursive: true);
        Used(parts.Manifest.Key, process: 999_999_999);

        Found().ShouldBeEmpty();
    }

    [Fact]
    public void ARunInProgressKeepsWhatItNamed()
    {
        _runs.Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        _runs.Run(Read(1), end: null, until: "parts", process: Environment.ProcessId);
        Run(2);
        Run(3);

        Found().Count(garbage => garbage.Path.Contains("write-lines-", StringComparison.Ordinal)).ShouldBe(1);
        Collection().Remove(Found());
        _runs.Plan(Read(1))[0].State.ShouldBe(StageState.Hit);
    }

    [Fact]
    public void ARunThatIsNotDoneLeavesTheNewestDoneOneKept()
    {
        Run(1);
        _runs.Run(Read(2), end: null, until: "parts");

        Found().ShouldBeEmpty();
    }

    [Fact]
    public void WhatARunFoundBetweenListingAndDeletingIsPutBack()
    {
        Run(1);
        Run(2);
        var garbage = Found();
        var lines = garbage.Single(each => each.Path.Contains("write-lines-", StringComparison.Ordinal));

        var removed = Collection().Remove(garbage, () =>
        {
            Directory.Exists(lines.Path).ShouldBeFalse();
            _runs.Time.Advance(TimeSpan.FromDays(1));
            Used(lines.Key!, Environment.ProcessId);
        });

        removed.Select(each => each.Path).ShouldBe(garbage.Where(each => each != lines).Select(each => each.Path));
        _runs.Store.Find("write-lines", lines.Key!).ShouldNotBeNull();
    }

    [Fact]
    public void ADescendantFoundMeanwhileBringsItsAncestorsBack()
    {
        Run(1);
        Run(2);
        var garbage = Found();
        var parts = garbage.Single(each => each.Path.Contains("split-", StringComparison.Ordinal));

        Collection().Remove(garbage, () => Used(parts.Key!, Environment.ProcessId)).ShouldBeEmpty();

        _runs.Store.All().Count().ShouldBe(4);
    }

    [Fact]
    public void AnArtifactMadeAgainMeanwhileStaysAsItIs()
    {
        Run(1);
        Run(2);
        var garbage = Found();
        var lines = garbage.Single(each => each.Path.Contains("write-lines-", StringComparison.Ordinal));

        Collection().Remove(garbage, () =>
        {
            Directory.CreateDirectory(lines.Path);
            File.WriteAllText(Path.Combine(lines.Path, "again"), "");
            Used(lines.Key!, Environment.ProcessId);
        });

        File.Exists(Path.Combine(lines.Path, "again")).ShouldBeTrue();
    }

    [Fact]
    public void ADamagedArtifactThatWasSetAsideGoes()
    {
        Run(1);
        Directory.CreateDirectory(Path.Combine(_runs.Store.Root, "split-0011223344556677.bad"));

        Found().ShouldHaveSingleItem().Kind.ShouldBe(GarbageKind.Damaged);
    }

    [Fact]
    public void AFolderThatIsNotNamedLikeAnArtifactIsLeftAlone()
    {
        Run(1);
        Directory.CreateDirectory(Path.Combine(_runs.Store.Root, "notes"));

        Found().ShouldBeEmpty();
        _runs.Store.Verify().Damaged.ShouldBe(0);
        Directory.Exists(Path.Combine(_runs.Store.Root, "notes")).ShouldBeTrue();
    }

    [Fact]
    public void AnAttemptThatAKeptRunGoesOnWithStays()
    {
        var run = _runs.Run(Read(1), end: null, until: "parts");
        Attempt((string)run.ReadJournal()[^1]["key"]!);

        Found().ShouldBeEmpty();
    }

    [Fact]
    public void AnAttemptThatNobodyGoesOnWithGoesUnlessItsLeaseLives()
    {
        Run(1);
        var folder = Attempt(new string('a', 64));
        var lease = Lease.TryTake(folder, "somebody", _runs.Time).Lease!;

        Found().ShouldBeEmpty();
        lease.Dispose();
        Found().ShouldHaveSingleItem().Kind.ShouldBe(GarbageKind.Attempt);
    }

    [Fact]
    public void AnAttemptTakenUpBetweenListingAndDeletingIsPutBack()
    {
        Run(1);
        var folder = Attempt(new string('a', 64));
        var garbage = Found();
        using var lease = Lease.TryTake(folder, "somebody", _runs.Time).Lease;

        Collection().Remove(garbage).ShouldBeEmpty();

        Directory.Exists(Path.Combine(folder, "attempt")).ShouldBeTrue();
    }

    [Fact]
    public void WhatABrokenOffCollectionLeftGoes()
    {
        Run(1);
        Directory.CreateDirectory(Path.Combine(_runs.Store.Root, "tmp", ".gc-1234", "0"));

        Found().ShouldHaveSingleItem().Kind.ShouldBe(GarbageKind.Leftover);
        Collection().Remove(Found());
        Found().ShouldBeEmpty();
        Directory.EnumerateDirectories(Path.Combine(_runs.Store.Root, "tmp")).ShouldBeEmpty();
    }

    [Fact]
    public void CompiledPluginsGoWhenTheyAreOldAndNoRunIsGoingOn()
    {
        Run(1);
        var plugin = Directory.CreateDirectory(Path.Combine(_runs.Folder, "plugins", "0011")).FullName;
        _runs.Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        Found().ShouldBeEmpty();
        _runs.Time.Advance(GarbageCollection.PluginAge + TimeSpan.FromHours(1));

        Found().ShouldHaveSingleItem().Path.ShouldBe(plugin);
        Used("none", Environment.ProcessId);
        Found().ShouldBeEmpty();
    }

    [Fact]
    public void RunsGoOnlyWhenAskedForAndOnceTracked()
    {
        var old = Run(1);
        Run(2);

        Found().ShouldNotContain(garbage => garbage.Kind == GarbageKind.Run);
        Collection().Find(withRuns: true).Single(garbage => garbage.Kind == GarbageKind.Run).Path.ShouldBe(old.Path);
        File.WriteAllText(old.TrackingFile, "{}\n");
        Collection().Find(withRuns: true).ShouldNotContain(garbage => garbage.Kind == GarbageKind.Run);
        File.WriteAllText(Path.Combine(old.Path, "tracking.sent-0011.json"), """{"store":"s","offset":3,"runs":{}}""");
        Collection().Find(withRuns: true).ShouldContain(garbage => garbage.Kind == GarbageKind.Run);
    }

    [Fact]
    public void NoOtherCollectionTakesWhatOneSetAside()
    {
        Run(1);
        Run(2);

        Collection().Remove(Found(), () => Found().ShouldBeEmpty()).Count.ShouldBe(2);
    }

    [Fact]
    public void AnAttemptThatBeganMeanwhileIsJoinedByTheEarlierOnes()
    {
        Run(1);
        var folder = Attempt(new string('a', 64));
        var garbage = Found();
        using var lease = Lease.TryTake(folder, "somebody", _runs.Time).Lease;

        Collection().Remove(garbage, () => Directory.CreateDirectory(Path.Combine(folder, "later"))).ShouldBeEmpty();

        Directory.GetDirectories(folder).Select(Path.GetFileName).Order().ShouldBe(["attempt", "later"]);
    }

    [Fact]
    public void TheLargestOfAKindComesFirst()
    {
        _runs.Run(Read(1), stage => new string('x', stage.Name == "lines" ? 100_000 : 1));
        Run(2);
        Run(3);

        var sizes = Found().Select(garbage => garbage.Bytes).ToList();

        sizes.Count.ShouldBe(4);
        sizes.ShouldBe(sizes.OrderDescending());
        sizes[0].ShouldBeGreaterThan(100_000);
    }

    [Fact]
    public void ACompiledPluginIsAsNewAsItsNewestFile()
    {
        Run(1);
        var plugin = Directory.CreateDirectory(Path.Combine(_runs.Folder, "plugins", "0011")).FullName;
        File.WriteAllText(Path.Combine(plugin, "plugin.dll"), "");
        var now = TimeProvider.System.GetUtcNow();
        Directory.SetLastWriteTimeUtc(plugin, (now - GarbageCollection.PluginAge * 2).UtcDateTime);
        _runs.Time.SetUtcNow(now);

        Found().ShouldBeEmpty();
    }
}
