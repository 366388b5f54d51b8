using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Sources.Tests;

public sealed class WarcFormatTests : IDisposable
{
    private readonly StageBench _bench = new();
    private readonly Skips _skips = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void PagesAreReadAndOtherRecordsPassedOver()
    {
        var pages = Read(Crawl(3, (writer, _) => writer.WriteResponse("http://x.example/logo", DateTimeOffset.UnixEpoch, "<urn:uuid:0>", 200, [new("Content-Type", "image/png")], [1, 2, 3])));

        pages.Select(page => page.Url).ShouldBe(["http://x.example/0", "http://x.example/1", "http://x.example/2"]);
        pages[1].Text.ShouldContain("page 1");
        _skips.All.ShouldBeEmpty();
    }

    [Fact]
    public void ACutFileLosesOnlyItsLastRecordAndSaysSo()
    {
        var crawl = Crawl(3);

        Read(crawl[..^40]).Count.ShouldBe(2);

        _skips.All.ShouldContain(skip => skip.Reason == "damaged_gzip" && skip.Detail.Contains("cut off"));
    }

    [Fact]
    public void ADamagedMemberIsSkippedAndTheNextIsRead()
    {
        var crawl = Crawl(5);
        var third = MemberStarts(crawl)[3]; // the first member is the file's own record
        crawl.AsSpan(third + 12, 40).Fill(0xEE);

        Read(crawl).Select(page => page.Url).ShouldBe(["http://x.example/0", "http://x.example/1", "http://x.example/3", "http://x.example/4"]);

        _skips.All.ShouldContain(skip => skip.Detail.Contains($"gzip member at byte {third}"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void AWrongLengthCostsThatRecordAlone(int error)
    {
        var text = Encoding.Latin1.GetString(Decompress(Crawl(3)));
        var at = text.IndexOf("http://x.example/1", StringComparison.Ordinal);
        var field = text.IndexOf("Content-Length: ", at, StringComparison.Ordinal) + "Content-Length: ".Length;
        var end = text.IndexOf('\r', field);
        var length = int.Parse(text[field..end]);
        var damaged = text[..field] + (length + error).ToString(System.Globalization.CultureInfo.InvariantCulture) + text[end..];

        var pages = Read(Encoding.Latin1.GetBytes(damaged), "crawl.warc");

        pages.Select(page => page.Url).ShouldContain("http://x.example/2");
        pages.Select(page => page.Url).ShouldContain("http://x.example/0");
    }

    [Theory]
    [InlineData("chunked")]
    [InlineData("gzip")]
    [InlineData("br")]
    public void EncodingsAreUndone(string encoding)
    {
        var body = Encoding.UTF8.GetBytes("<html><body>encoded page</body></html>");
        var (header, bytes) = encoding switch
        {
            "chunked" => ("Transfer-Encoding", Encoding.ASCII.GetBytes($"{body.Length:x}\r\n{Encoding.ASCII.GetString(body)}\r\n0\r\n\r\n")),
            "gzip" => ("Content-Encoding", Compress(body, stream => new GZipStream(stream, CompressionLevel.Fastest))),
            _ => ("Content-Encoding", Compress(body, stream => new BrotliStream(stream, CompressionLevel.Fastest))),
        };
        var crawl = Crawl(0, (writer, _) => writer.WriteResponse(
            "http://x.example/e", DateTimeOffset.UnixEpoch, "<urn:uuid:1>", 200, [new("Content-Type", "text/html"), new(header, encoding)], bytes));

        Read(crawl).ShouldHaveSingleItem().Text.ShouldContain("encoded page");
    }

    [Fact]
    public void BrokenChunksAreASkip()
    {
        var crawl = Crawl(0, (writer, _) => writer.WriteResponse(
            "http://x.example/e", DateTimeOffset.UnixEpoch, "<urn:uuid:1>", 200, [new("Content-Type", "text/html"), new("Transfer-Encoding", "chunked")], "5\r\nhello\r\nzz\r\n"u8));

        Read(crawl).ShouldBeEmpty();
        _skips.All.ShouldHaveSingleItem().Detail.ShouldContain("broken chunked encoding");
    }

    [Fact]
    public void MutatedFilesNeverThrow()
    {
        var crawl = Crawl(4);
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new RandomStream((ulong)seed, "mutation");
            var bytes = crawl[..(random.Next(4) == 0 ? random.Next(crawl.Length) : crawl.Length)];
            for (var i = random.Next(8); i >= 0 && bytes.Length > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Should.NotThrow(() => Read(bytes), $"seed {seed}");
        }
    }

    [Fact]
    public void TheDerivedCrawlGivesThePagesOfItsManifest()
    {
        var folder = SharedData.Find("warc/derived");
        Assert.SkipWhen(folder is null, "shared data absent");
        var expected = File.ReadLines(Path.Combine(folder!, "crawl-a.manifest.jsonl"))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Count(entry => entry.GetProperty("kind").GetString() is { } kind && !NoPage.Any(word => kind.Contains(word, StringComparison.Ordinal)));

        var pages = new WarcFormat().Read(Path.Combine(folder!, "crawl-a.warc.gz"), _skips).ToList();

        pages.Count.ShouldBe(expected);
        _skips.All.ShouldBeEmpty();
    }

    [Fact]
    public void RealCrawlsAreReadToTheirEndWithoutAnException()
    {
        var folder = SharedData.Find("warc");
        Assert.SkipWhen(folder is null, "shared data absent");
        var files = Directory.GetFiles(folder!, "*.warc*", SearchOption.AllDirectories).Where(file => file.EndsWith(".warc", StringComparison.Ordinal) || file.EndsWith(".warc.gz", StringComparison.Ordinal)).ToList();
        files.Count.ShouldBeGreaterThan(15);

        var pages = files.Sum(file => new WarcFormat().Read(file, _skips).Count());

        pages.ShouldBeGreaterThan(300);
        _skips.All.ShouldContain(skip => skip.Detail.Contains("clipped.warc.gz"));
    }

    private static readonly string[] NoPage = ["404", "redirect", "png", "pdf", "empty", "revisit", "metadata", "request", "warcinfo"];

    private static byte[] Crawl(int pages, Action<WarcWriter, int>? more = null)
    {
        var stream = new MemoryStream();
        using (var writer = new WarcWriter(stream, gzip: true))
        {
            writer.WriteInfo(DateTimeOffset.UnixEpoch);
            for (var i = 0; i < pages; i++)
            {
                writer.WriteResponse($"http://x.example/{i}", DateTimeOffset.UnixEpoch, $"<urn:uuid:{i}>", 200, [new("Content-Type", "text/html; charset=utf-8")], Encoding.UTF8.GetBytes($"<html><p>page {i}</p></html>"));
            }

            more?.Invoke(writer, pages);
        }

        return stream.ToArray();
    }

    private static List<int> MemberStarts(byte[] crawl) =>
        [.. Enumerable.Range(0, crawl.Length - 3).Where(i => crawl[i] == 0x1F && crawl[i + 1] == 0x8B && crawl[i + 2] == 8)];

    private static byte[] Decompress(byte[] bytes)
    {
        var plain = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> open)
    {
        var target = new MemoryStream();
        using (var stream = open(target))
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }

    private List<Document> Read(byte[] bytes, string name = "crawl.warc.gz")
    {
        var path = Path.Combine(_bench.Folder("crawl"), name);
        File.WriteAllBytes(path, bytes);
        return [.. new WarcFormat().Read(path, _skips)];
    }
}
