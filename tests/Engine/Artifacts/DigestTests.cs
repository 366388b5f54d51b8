using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tests.Artifacts;

public sealed class DigestTests : TemporaryFolder
{
    [Fact]
    public void NamesBytesAndOrderOfFilesCount()
    {
        var (a, b) = (Write("a", "x"), Write("b", "x"));

        IReadOnlyList<IReadOnlyList<StoredFile>> lists = [[a, b], [b, a], [a], [b], [Write("a", "y")]];

        lists.Select(Digest.OfFiles).ShouldBeUnique();
    }

    [Theory]
    [InlineData("text", null)]
    [InlineData("tex", "file has 3 bytes instead of 4")]
    [InlineData("text more", "file has 9 bytes instead of 4")]
    public void AFileOfAnotherSizeIsDamagedWithoutItsBytesBeingRead(string now, string? damage)
    {
        var stored = Write("file", "text");
        Write("file", now);

        stored.Damage(Folder, hash: false).ShouldBe(damage);
    }

    private StoredFile Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return StoredFile.Of(Folder, path);
    }
}
