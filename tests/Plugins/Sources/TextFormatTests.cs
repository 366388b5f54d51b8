using Experiments.Testing;

namespace Experiments.Plugins.Sources.Tests;

public sealed class TextFormatTests
{
    private readonly RecordedSkips _skips = new();

    [Fact]
    public void AFileIsOneDocument()
    {
        var document = new TextFormat().Read(Crawl.Bytes("\uFEFFone\r\n\r\ntwo <|endoftext|> three\n"), _skips, "a.txt").ShouldHaveSingleItem();

        document.Text.ShouldBe("one\n\ntwo <|endoftext|> three");
        document.Id.ShouldBe("a.txt:1");
    }

    [Fact]
    public void LinesThatAreTheMarkSplitIt()
    {
        var documents = new TextFormat().Read(Crawl.Gzip(Crawl.Bytes("one\n<|endoftext|>\n\n<|endoftext|>\ntwo\n<|endoftext|>")), _skips, "a.txt.gz");

        documents.Select(document => (document.Id, document.Text)).ShouldBe([("a.txt.gz:1", "one"), ("a.txt.gz:5", "two")]);
        _skips.All.ShouldBeEmpty();
    }

    [Fact]
    public void ADocumentThatTheFileBreaksOffIsSkipped()
    {
        var random = new Experiments.Contracts.RandomStream(1, "text");
        var file = Crawl.Gzip(Crawl.Bytes("one\n<|endoftext|>\n" + string.Concat(Enumerable.Range(0, 50_000).Select(_ => $"{random.Next(1000)}\n"))));

        new TextFormat().Read(file[..^1000], _skips, "a.txt.gz").Select(document => document.Text).ShouldBe(["one"]);
        _skips.Reasons.ShouldBe(["truncated_gzip"]);
    }

    [Fact]
    public void RealStoriesAreSplit()
    {
        var file = SharedData.Find("pretrain/tinystories-sample.txt");
        Assert.SkipWhen(file is null, "shared data absent");

        var stories = new TextFormat().Read(file!, _skips).ToList();

        stories.Count.ShouldBe(File.ReadLines(file!).Count(line => line == "<|endoftext|>") + (File.ReadLines(file!).Last() == "<|endoftext|>" ? 0 : 1));
        stories[0].Text.ShouldStartWith("Once upon a time there was a little boy named Ben.");
    }
}
