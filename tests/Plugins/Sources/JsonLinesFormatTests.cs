using System.IO.Compression;
using System.Text.Json;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Sources.Tests;

public sealed class JsonLinesFormatTests : IDisposable
{
    private readonly StageBench _bench = new();
    private readonly RecordedSkips _skips = new();
    private readonly JsonLinesFormat _format = new();

    public void Dispose() => _bench.Dispose();

    private List<Document> Read(string lines) => _format.Read(Crawl.Bytes(lines), _skips, "a.jsonl");

    [Theory]
    [InlineData("d.jsonl")]
    [InlineData("d.jsonl.gz")]
    [InlineData("d.jsonl.zst")]
    public void WhatIsWrittenIsReadBackAndTheBytesAreTheSame(string name)
    {
        Document[] documents =
        [
            new("1", "zwei\nZeilen <b>&</b> \u2028 \"quoted\" 😀") { Url = "http://a/?b=1&c" },
            new Document("2", "").With("score", 0.25).With("language", "de"),
        ];
        var first = Write(name, documents);
        var bytes = File.ReadAllBytes(first);

        var read = _format.Read(first, _skips).ToList();

        read.Select(document => (document.Id, document.Text, document.Url)).ShouldBe(documents.Select(document => (document.Id, document.Text, document.Url)));
        read[1].Metadata["score"].GetDouble().ShouldBe(0.25);
        read[1].Fact("language").ShouldBe("de");
        _skips.All.ShouldBeEmpty();
        File.ReadAllBytes(Write(name, documents)).ShouldBe(bytes);
    }

    [Fact]
    public void OtherFieldsBecomeMetadataAsTheyAre()
    {
        var document = Read("""{"content":"x","stars":5,"tags":["a"],"metadata":{"date":"2020","stars":6}}""").ShouldHaveSingleItem();

        document.Id.ShouldBe("a.jsonl:1");
        document.Text.ShouldBe("x");
        document.Metadata["stars"].GetInt32().ShouldBe(6);
        document.Metadata["tags"].GetArrayLength().ShouldBe(1);
        document.Metadata.Keys.ShouldBe(["stars", "tags", "date"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("a.jsonl")]
    [InlineData("a.jsonl.gz")]
    public void ALineThatIsTooLongIsSkippedByNameAndTheNextAreRead(string name)
    {
        var path = Path.Combine(_bench.Folder("long"), name);
        using (var file = File.Create(path))
        using (var stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : (Stream)file)
        {
            stream.Write("{\"text\":\"a\"}\n{\"text\":\""u8);
            var piece = Enumerable.Repeat((byte)'b', 1 << 20).ToArray();
            for (var count = 0; count <= JsonLinesFormat.LongestLine >> 20; count++)
            {
                stream.Write(piece);
            }

            stream.Write("\"}\n{\"text\":\"c\"}\n"u8);
        }

        _format.Read(path, _skips).Select(document => document.Text).ShouldBe(["a", "c"]);

        var (reason, detail) = _skips.All.ShouldHaveSingleItem();
        (reason, detail).ShouldBe(("line_too_long", $"{path}(2): the line has more than 134217728 characters"));
    }

    [Fact]
    public void BrokenLinesAndLinesWithoutTextAreSkippedByName()
    {
        Read("{\"text\":\"a\"}\n\n{\"text\":\n[1]\n{\"text\":5}\n{\"text\":\"\\ud800\"}\n{\"id\":7,\"text\":\"b\"}\r\n").Select(document => document.Id).ShouldBe(["a.jsonl:1", "7"]);
        _skips.Reasons.ShouldBe(["malformed_json", "no_text", "no_text", "no_text"]);
        _skips.All[0].Detail.ShouldContain("a.jsonl(3)");
    }

    [Theory]
    [InlineData("d.jsonl.gz", "truncated_gzip")]
    [InlineData("d.jsonl.zst", "truncated_zstd")]
    public void ACutFileEndsWithASkip(string name, string reason)
    {
        var bytes = File.ReadAllBytes(Write(name, [.. Enumerable.Range(0, 50_000).Select(n => new Document($"{n}", $"text {n * 7919L % 10007}"))]));

        var read = _format.Read(bytes[..(bytes.Length * 3 / 4)], _skips, name);

        _skips.Reasons.ShouldBe([reason]);
        read.Count.ShouldBeInRange(1, 49_999);
        read.Select(document => document.Id).ShouldBe(Enumerable.Range(0, read.Count).Select(n => $"{n}"));
    }

    [Theory]
    [InlineData("d.jsonl.gz")]
    [InlineData("d.jsonl.zst")]
    public void CorruptBytesNeverThrow(string name)
    {
        var bytes = File.ReadAllBytes(Write(name, [.. Enumerable.Range(0, 200).Select(n => new Document($"{n}", $"text {n * 7919L % 10007}"))]));
        for (var at = 0; at < bytes.Length; at++)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= 0x55;
            _format.Read(damaged, _skips, name);
        }

        _skips.All.Count.ShouldBeGreaterThan(bytes.Length / 2);
    }

    [Fact]
    public void RealBooksAreRead()
    {
        var folder = SharedData.Find("pretrain/classic-books");
        Assert.SkipWhen(folder is null, "shared data absent");

        var books = Directory.GetFiles(folder!, "*.jsonl.gz").SelectMany(file => _format.Read(file, _skips)).ToList();

        books.Count.ShouldBe(85);
        books.ShouldAllBe(book => book.Text.Length > 1000 && book.Metadata["year"].ValueKind == JsonValueKind.Number && book.Fact("author") != null);
        _skips.All.ShouldBeEmpty();
    }

    private string Write(string name, Document[] documents)
    {
        var path = Path.Combine(_bench.Folder("files"), name);
        using var writer = _format.Create(path);
        foreach (var document in documents)
        {
            writer.Write(document);
        }

        return path;
    }
}
