using Experiments.Engine.Artifacts;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Tests.Workers;

public sealed class FinishedPartTests : TemporaryFolder
{
    [Theory]
    [InlineData("", "report.md artifact.json", "Give the file another name.")]
    [InlineData("words", "words/words.txt words/metrics.jsonl", "Give the file another name.")]
    [InlineData("words", "report.md", "is gone")]
    public void APartThatCannotBeKeptIsNamed(string part, string files, string named)
    {
        Write(files);

        Should.Throw<InvalidDataException>(() => FinishedPart.Of(Folder, part, "Report")).Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("kept/a.txt", "")]
    [InlineData("dropped/b.txt", "")]
    [InlineData("", "{}")]
    public void AnOutputHasAFileInSomePartOrAMetric(string files, string metrics)
    {
        var parts = Parts(files, metrics);

        FinishedPart.Some(parts, Folder).ShouldBe(parts);
    }

    [Fact]
    public void AnOutputOfNothingIsRefused() =>
        Should.Throw<InvalidDataException>(() => FinishedPart.Some(Parts("", ""), Folder)).Message.ShouldContain("wrote no file into");

    [Theory]
    [InlineData("a b", null)]
    [InlineData("a", "'b' is gone")]
    [InlineData("a b c", "'c' is new")]
    public void AChangeAfterTheEndIsNamed(string now, string? difference)
    {
        Write("a b");
        var part = FinishedPart.Of(Folder, "", "Report");

        part.Difference(now.Split(' ').Select(path => new StoredFile(path, 1, ""))).ShouldBe(difference);
        part.Difference([new StoredFile("a", 1, ""), new StoredFile("b", 2, "")]).ShouldBe("'b' had 1 bytes and has 2");
    }

    private IReadOnlyList<FinishedPart> Parts(string files, string metrics)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "kept"));
        Directory.CreateDirectory(Path.Combine(Folder, "dropped"));
        Write(files);
        File.WriteAllText(Path.Combine(Folder, "metrics.jsonl"), metrics);
        return [FinishedPart.Of(Folder, "kept", "Documents"), FinishedPart.Of(Folder, "dropped", "Documents")];
    }

    private void Write(string files)
    {
        foreach (var file in files.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, file))!);
            File.WriteAllText(Path.Combine(Folder, file), "1");
        }
    }
}
