using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tests.Artifacts;

public sealed class ArtifactStoreTests : TemporaryFolder
{
    private const string Key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private readonly List<string> _warnings = [];

    private ArtifactStore Store => new(Path.Combine(Folder, "artifacts"), _warnings.Add);

    [Fact]
    public void WhatIsCommittedIsFound()
    {
        var made = Commit("hello");

        var found = Store.Find("demo", Key).ShouldNotBeNull();

        found.Folder.ShouldBe(made.Folder);
        File.ReadAllText(Path.Combine(found.Folder, "text.txt")).ShouldBe("hello");
        found.Damage(hash: true).ShouldBeNull();
    }

    [Fact]
    public void AnAttemptWithoutManifestIsNoArtifact()
    {
        Attempt("hello");

        Store.Find("demo", Key).ShouldBeNull();
    }

    [Fact]
    public void OfTwoAttemptsTheFirstCommitWins()
    {
        Commit("first");

        var second = Commit("second");

        File.ReadAllText(Path.Combine(second.Folder, "text.txt")).ShouldBe("first");
    }

    [Fact]
    public void AFileCutShortSetsTheArtifactAside()
    {
        var made = Commit("hello");
        File.WriteAllText(Path.Combine(made.Folder, "text.txt"), "hell");

        Store.Find("demo", Key).ShouldBeNull();

        Directory.Exists(made.Folder + ".bad").ShouldBeTrue();
        _warnings.ShouldHaveSingleItem().ShouldContain("text.txt has 4 bytes instead of 5");
    }

    [Fact]
    public void AFlippedByteIsFoundByItsHash()
    {
        var made = Commit("hello");
        File.WriteAllText(Path.Combine(made.Folder, "text.txt"), "hullo");

        made.Damage(hash: false).ShouldBeNull();
        made.Damage(hash: true).ShouldNotBeNull().ShouldContain("different bytes");
    }

    [Fact]
    public void ATornManifestSetsTheArtifactAside()
    {
        var made = Commit("hello");
        var manifest = Path.Combine(made.Folder, "artifact.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest)[..100]);

        Store.Find("demo", Key).ShouldBeNull();

        Directory.Exists(made.Folder + ".bad").ShouldBeTrue();
    }

    [Fact]
    public void ATornManifestHidesOnlyItsOwnArtifact()
    {
        var made = Commit("hello");
        var torn = Directory.CreateDirectory(Path.Combine(Store.Root, "demo-ffeeddccbbaa9988")).FullName;
        File.WriteAllText(Path.Combine(torn, "artifact.json"), "{");

        Store.All().ShouldHaveSingleItem().Folder.ShouldBe(made.Folder);
        Store.Verify().Damaged.ShouldBe(1);
        Directory.Exists(torn).ShouldBeFalse();
        Store.Peek("demo", Key)!.Key.ShouldBe(Key);
    }

    [Fact]
    public void TheDigestOfAPartIsThatOfItsBytesAndNotOfItsPlace()
    {
        var one = Directory.CreateDirectory(Path.Combine(Folder, "one")).FullName;
        var two = Directory.CreateDirectory(Path.Combine(Folder, "two")).FullName;
        File.WriteAllText(Path.Combine(one, "a"), "x");
        File.WriteAllText(Path.Combine(two, "a"), "x");

        Digest.OfFiles([StoredFile.Of(one, Path.Combine(one, "a"))]).ShouldBe(Digest.OfFiles([StoredFile.Of(two, Path.Combine(two, "a"))]));
    }

    [Fact]
    public void AnArtifactTakesItsNameOnlyOnceItsBytesAndItsManifestAreOnTheDisk()
    {
        Attempt("hello");

        var places = DurableFilesTests.Places(
            () => $"{Directory.GetFiles(Folder, "artifact.json", SearchOption.AllDirectories).Length}, {Store.All().Count()}",
            () => Commit("hello"));

        // Before the manifest, the fsyncs of two files and their folder, the rename, and the fsync of the store's folder.
        places.ShouldBe(["0, 0", "1, 0", "1, 0", "1, 0", "1, 0", "1, 1"]);
    }

    [Fact]
    public void ACommitReplacesADamagedArtifact()
    {
        var damaged = Commit("hello");
        File.Delete(Path.Combine(damaged.Folder, "text.txt"));

        var made = Commit("again");

        File.ReadAllText(Path.Combine(made.Folder, "text.txt")).ShouldBe("again");
        Store.Find("demo", Key).ShouldNotBeNull();
        Directory.Exists(damaged.Folder + ".bad").ShouldBeTrue();
    }

    [Fact]
    public void EachDamagedArtifactIsSetAsideUnderANameOfItsOwn()
    {
        string[] names = ["", ".bad", ".bad1", ".bad2"];
        foreach (var before in names[1..])
        {
            var made = Commit(before);
            File.Delete(Path.Combine(made.Folder, "text.txt"));
            Store.Find("demo", Key).ShouldBeNull();

            Directory.Exists(made.Folder + before).ShouldBeTrue();
        }

        Store.Verify().ShouldBe((0, 0));
    }

    [Fact]
    public void AKeyThatOnlyBeginsLikeThatOfAnArtifactIsNotFound()
    {
        Commit("hello");
        var alike = Key[..^1] + "0";

        Store.Peek("demo", alike).ShouldBeNull();
        Store.Find("demo", alike).ShouldBeNull();

        _warnings.ShouldHaveSingleItem().ShouldContain("its manifest has another key");
    }

    private StoredArtifact Commit(string text)
    {
        var output = Attempt(text);
        var file = StoredFile.Of(output, Path.Combine(output, "text.txt"));
        return Store.Commit(output, "demo", new ArtifactManifest
        {
            Plugin = "demo",
            Key = Key,
            Identity = [],
            Options = new JsonObject(),
            Parents = [],
            Parts = [new StoredPart("", "Report", Digest.OfFiles([file]), [file])],
            Results = new Dictionary<string, double> { ["loss"] = double.NaN },
            Environment = new Dictionary<string, string>(),
            Finished = DateTimeOffset.UnixEpoch,
            Seconds = 1,
        });
    }

    private string Attempt(string text)
    {
        var output = Directory.CreateDirectory(Path.Combine(Store.WorkFolder("demo", Key), text, "output")).FullName;
        File.WriteAllText(Path.Combine(output, "text.txt"), text);
        return output;
    }
}
