using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tests.Artifacts;

public sealed class SealedFolderTests : TemporaryFolder
{
    private string Target => Path.Combine(Folder, "step-1");

    [Fact]
    public void AWholeFolderTellsItsFacts()
    {
        Write("weights");

        SealedFolder.Open(Target).ShouldNotBeNull()["step"].ShouldBe("7");
    }

    [Fact]
    public void AnEarlierFolderStays()
    {
        Write("weights");
        Write("others");

        File.ReadAllText(Path.Combine(Target, "model")).ShouldBe("weights");
    }

    [Fact]
    public void AFolderThatIsBeingWrittenIsNotThere()
    {
        SealedFolder.Write(Target, folder =>
        {
            File.WriteAllText(Path.Combine(folder, "model"), "half");
            SealedFolder.Open(Target).ShouldBeNull();
            SealedFolder.IsUnfinished(folder).ShouldBeTrue();
        });
    }

    [Theory]
    [InlineData("model")]
    [InlineData("seal.json")]
    public void AFlippedByteIsFoundWhereverItIs(string file)
    {
        Write("weights");
        var path = Path.Combine(Target, file);
        var bytes = File.ReadAllBytes(path);
        for (var position = 0; position < bytes.Length; position++)
        {
            bytes[position] ^= 1;
            File.WriteAllBytes(path, bytes);
            SealedFolder.Open(Target).ShouldBeNull($"byte {position}");
            bytes[position] ^= 1;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"facts":null,"files":null,"checksum":null}""")]
    [InlineData("""{"facts":{},"files":[null],"checksum":"x"}""")]
    [InlineData("""{"facts":{},"files":[{}],"checksum":"x"}""")]
    public void ADamagedSealIsDamageAndNamed(string seal)
    {
        Write("weights");
        File.WriteAllText(Path.Combine(Target, "seal.json"), seal);
        string? damage = null;

        SealedFolder.Open(Target, text => damage = text).ShouldBeNull();

        damage.ShouldNotBeNull().ShouldContain("seal.json");
    }

    [Fact]
    public void TheNumbersOfAnOlderSealAreRead()
    {
        Write("weights");
        var path = Path.Combine(Target, "seal.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"step\":\"7\"", "\"step\":7", StringComparison.Ordinal));

        SealedFolder.Open(Target).ShouldNotBeNull()["step"].ShouldBe("7");
    }

    [Fact]
    public void WhatABrokenOffWriterLeftIsNotPartOfTheFolder()
    {
        var left = Directory.CreateDirectory($"{Target}-{Environment.ProcessId}.tmp").FullName;
        File.WriteAllText(Path.Combine(left, "half"), "");

        Write("weights");

        Directory.GetFiles(Target).Select(Path.GetFileName).Order().ShouldBe(["model", "seal.json"]);
        Directory.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public void AFolderAppearsOnlyOnceItsBytesAndItsSealAreOnTheDisk()
    {
        var places = DurableFilesTests.Places(
            () => $"{Directory.GetFiles(Folder, "seal.json", SearchOption.AllDirectories).Length}, {Directory.Exists(Target)}",
            () => Write("weights"));

        // Before the seal, the fsyncs of two files and their folder, the rename, and the fsync of the folder above.
        places.ShouldBe(["0, False", "1, False", "1, False", "1, False", "1, False", "1, True"]);
    }

    private void Write(string text) =>
        SealedFolder.Write(Target, folder => File.WriteAllText(Path.Combine(folder, "model"), text), () => new Dictionary<string, string> { ["step"] = "7" });
}
