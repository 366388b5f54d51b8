using System.Text;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Sources.Tests;

public sealed class FormatTests : IDisposable
{
    private readonly StageBench _bench = new();
    private readonly Skips _skips = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("documents.jsonl")]
    [InlineData("documents.jsonl.gz")]
    [InlineData("documents.jsonl.zst")]
    public void WhatIsWrittenIsRead(string name)
    {
        var path = Path.Combine(_bench.Folder("out"), name);
        Document[] documents = [new("1", "Grüße, \"world\" 👍\n") { Url = "http://x.example/" }, new Document("2", "").With("score", 0.5).With("language", "en")];
        using (var writer = new JsonLinesFormat().Create(path))
        {
            foreach (var document in documents)
            {
                writer.Write(document);
            }
        }

        var read = new JsonLinesFormat().Read(path, _skips).ToList();

        read.Select(document => (document.Id, document.Text, document.Url)).ShouldBe(documents.Select(document => (document.Id, document.Text, document.Url)));
        read[1].Metadata["score"].GetDouble().ShouldBe(0.5);
        _skips.All.ShouldBeEmpty();
    }

    [Fact]
    public void TheSameDocumentsGiveTheSameBytes()
    {
        byte[] Write(string name)
        {
            var path = Path.Combine(_bench.Folder("out"), name);
            using (var writer = new JsonLinesFormat().Create(path))
            {
                writer.Write(new Document("1", "text").With("b", "x").With("a", "y"));
            }

            return File.ReadAllBytes(path);
        }

        Write("one.jsonl.zst").ShouldBe(Write("two.jsonl.zst"));
    }

    [Fact]
    public void BrokenLinesAreSkippedByName()
    {
        var path = Path.Combine(_bench.Folder("in"), "broken.jsonl");
        File.WriteAllText(path, "{\"text\":\"good\"}\n{\"text\":\n{\"id\":\"x\"}\n\n{\"content\":\"also good\",\"lang\":\"en\"}\n");

        var read = new JsonLinesFormat().Read(path, _skips).ToList();

        read.Select(document => document.Text).ShouldBe(["good", "also good"]);
        read[1].Fact("lang").ShouldBe("en");
        _skips.All.Select(skip => skip.Reason).ShouldBe(["malformed_line", "line_without_text"]);
        _skips.All[0].Detail.ShouldContain("broken.jsonl(2)");
    }

    [Theory]
    [InlineData("cut.jsonl.gz")]
    [InlineData("cut.jsonl.zst")]
    public void ACutFileSaysThatItsRestIsLost(string name)
    {
        var path = Path.Combine(_bench.Folder("in"), name);
        using (var writer = new JsonLinesFormat().Create(path))
        {
            for (var i = 0; i < 5000; i++)
            {
                writer.Write(new Document($"{i}", $"text {i * 7919 % 10007} {i}"));
            }
        }

        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1000]);

        new JsonLinesFormat().Read(path, _skips).Count().ShouldBeLessThan(5000);

        _skips.All.ShouldContain(skip => skip.Reason == "damaged_compression" || skip.Reason == "malformed_line");
    }

    [Fact]
    public void TextIsCutAtItsMarks()
    {
        var path = Path.Combine(_bench.Folder("in"), "stories.txt");
        File.WriteAllText(path, "One.\nStill one.\n<|endoftext|>\nTwo.\n");

        new TextFormat().Read(path, _skips).Select(document => document.Text).ShouldBe(["One.\nStill one.", "Two."]);
    }

    [Theory]
    [InlineData("utf-8", null, "Grüße")]
    [InlineData("windows-1252", "text/html; charset=ISO-8859-1", "Grüße – “so”")]
    [InlineData("windows-1251", "text/html; charset=windows-1251", "Привет, мир")]
    [InlineData("gb18030", "text/html; charset=gb2312", "你好，世界")]
    [InlineData("shift_jis", "text/html; charset=Shift_JIS", "こんにちは")]
    [InlineData("windows-1252", "text/html; charset=utf-8", "Grüße aus Köln, für Äpfel und Öl, schöne Straße")]
    public void ACharsetIsFound(string encoding, string? contentType, string text)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

        PageText.Decode(Encoding.GetEncoding(encoding).GetBytes(text), contentType).Text.ShouldBe(text);
    }

    [Fact]
    public void AMetaElementNamesTheCharset()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var page = "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=koi8-r\"></head>Привет</html>";

        PageText.Decode(Encoding.GetEncoding("koi8-r").GetBytes(page), "text/html").Text.ShouldBe(page);
    }

    [Fact]
    public void ParquetIsRead()
    {
        var path = SharedData.Find("math/digit-completion");
        Assert.SkipWhen(path is null, "shared data absent");

        var rows = Directory.GetFiles(path!, "*.parquet").Sum(file => new ParquetFormat().Read(file, _skips).Count());

        (rows + _skips.All.Count(skip => skip.Reason == "row_without_text")).ShouldBeGreaterThan(100);
        _skips.All.ShouldNotContain(skip => skip.Reason == "damaged_parquet");
    }
}
