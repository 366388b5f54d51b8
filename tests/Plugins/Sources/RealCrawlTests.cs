using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Experiments.Contracts.Text;
using Experiments.Plugins.Sources.Compression;
using Experiments.Plugins.Sources.Warc;
using Experiments.Testing;

namespace Experiments.Plugins.Sources.Tests;

public sealed class RealCrawlTests(ITestOutputHelper output)
{
    private readonly RecordedSkips _skips = new();

    private static string Find(string path)
    {
        var found = SharedData.Find(path);
        Assert.SkipWhen(found is null, "shared data absent");
        return found!;
    }

    [Fact]
    public void EveryFileIsReadWithoutAnException()
    {
        var files = Directory.GetFiles(Find("warc"), "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".jsonl", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        files.Count.ShouldBeGreaterThan(30);
        var pages = 0;
        foreach (var file in files)
        {
            var skips = new RecordedSkips();
            var found = new WarcFormat().Read(file, skips).ToList();
            pages += found.Count;
            output.WriteLine($"{Path.GetFileName(file)}: {Records(file)} records, {found.Count} pages, skips: {string.Join(' ', skips.Reasons.CountBy(reason => reason))} {skips.All.FirstOrDefault().Detail}");
        }

        pages.ShouldBeGreaterThan(350);
    }

    [Theory]
    [InlineData("aut/example.warc.gz", 822)]
    [InlineData("aut/issue-493.warc", 32)]
    [InlineData("commoncrawl-whirlwind/whirlwind.warc.gz", 4)]
    [InlineData("pywb/iana.warc.gz", 343)]
    [InlineData("warcio/example.warc", 6)]
    [InlineData("warcio/example.warc.gz", 6)]
    [InlineData("warcio/example-bad.warc.gz.bad", 6)]
    [InlineData("warcio/example-iana.org-chunked.warc", 3)]
    [InlineData("resiliparse/warcfile.warc.gz", 50)]
    [InlineData("derived/crawl-a.warc.gz", 262)]
    public void TheNumberOfRecordsIsTheirs(string file, int records)
    {
        Records(Find("warc/" + file), _skips).ShouldBe(records);
        _skips.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("resiliparse/clipped.warc.gz", 0, "truncated_gzip")]
    [InlineData("warcio/example-trunc.warc", 3, "wrong_content_length")]
    [InlineData("pywb/missing-status-text.warc", 0, "truncated_record")]
    public void ADamagedFileHasANamedSkip(string file, int records, string reason)
    {
        Records(Find("warc/" + file), _skips).ShouldBe(records);
        _skips.Reasons.ShouldBe([reason]);
    }

    [Fact]
    public void TheMadeUpCrawlIsReadAsItsManifestSays()
    {
        var manifest = File.ReadLines(Find("warc/derived/crawl-a.manifest.jsonl")).Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Select(line => (Uri: line.GetProperty("uri").GetString()!, Kind: line.GetProperty("kind").GetString()!, Source: line.GetProperty("source").GetString()!))
            .Where(line => line.Kind.StartsWith("page", StringComparison.Ordinal) || line.Kind is "exact-duplicate" or "near-duplicate" or "blocked-domain" or "empty-body")
            .ToList();

        var pages = new WarcFormat().Read(Find("warc/derived/crawl-a.warc.gz"), _skips).ToList();

        _skips.All.ShouldBeEmpty();
        pages.Select(page => page.Url).ShouldBe(manifest.Select(line => line.Uri.Trim()));
        var equal = 0;
        var recoded = 0;
        foreach (var (page, line) in pages.Zip(manifest))
        {
            if (line.Kind.StartsWith("page", StringComparison.Ordinal) && Source(line.Source) is { } source)
            {
                var isRecoded = line.Kind.StartsWith("page-windows", StringComparison.Ordinal);
                var share = Overlap(page.Text, source);
                share.ShouldBeGreaterThan(line.Kind == "page-windows-1251" ? 0.94 : isRecoded ? 0.99 : 0.999, $"{line.Kind} {line.Uri}: {page.Fact("charset")}");
                equal += page.Text == source ? 1 : 0;
                recoded += isRecoded ? 1 : 0;
            }
        }

        output.WriteLine($"{pages.Count} pages, {equal} equal to their source, {recoded} recoded");
        recoded.ShouldBe(13);
        equal.ShouldBeGreaterThan(150);
    }

    [Fact]
    public void CommonCrawlsTextIsRead()
    {
        var document = new WetFormat().Read(Find("warc/commoncrawl-whirlwind/whirlwind.warc.wet.gz"), _skips).ShouldHaveSingleItem();

        document.Url.ShouldBe("https://an.wikipedia.org/wiki/Escopete");
        document.Text.ShouldStartWith("Escopete - Biquipedia, a enciclopedia libre\nIr al contenido");
        document.Fact("content_language").ShouldBe("spa");
    }

    [Fact]
    public void AWrittenRecordHasTheDigestsThatCommonCrawlGaveIt()
    {
        using var reader = new WarcReader(MemberSource.Open(Find("warc/commoncrawl-whirlwind/whirlwind.warc.gz")), "crawl", _skips);
        var record = reader.Next()!;
        while (record.Type != "response")
        {
            record = reader.Next()!;
        }

        var response = Sources.Http.HttpResponse.Parse(record.Block)!;
        using var stream = new MemoryStream();
        new WarcWriter(stream, gzip: false).WriteResponse(record.TargetUri!, DateTimeOffset.UnixEpoch, record.Id, 200, [], response.Body);

        Encoding.UTF8.GetString(stream.ToArray()).ShouldContain($"WARC-Payload-Digest: {record.Fields["WARC-Payload-Digest"]}");
    }

    private static int Records(string file, ISkipLog? skips = null)
    {
        using var reader = new WarcReader(MemberSource.Open(file), file, skips ?? new RecordedSkips());
        var count = 0;
        while (reader.Next() is not null)
        {
            count++;
        }

        return count;
    }

    /// <summary>The source page as UTF-8 text, or null if it is not in the data.</summary>
    private static string? Source(string name)
    {
        var (set, page) = (name.Split('/')[0], name.Split('/')[1]);
        var path = SharedData.Find(set == "trafilatura-eval" ? $"extraction/trafilatura-eval/html/{page}" : $"extraction/article-extraction-benchmark/html/{page}.html.gz");
        if (path is null)
        {
            return null;
        }

        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return Sources.Pages.PageText.Decode(bytes.ToArray(), null).Text;
    }

    /// <summary>Share of the text's lines that are also in the source.</summary>
    private static double Overlap(string text, string source)
    {
        var lines = source.Split('\n').ToHashSet(StringComparer.Ordinal);
        return text.Split('\n').Average(line => lines.Contains(line) ? 1.0 : 0.0);
    }
}
