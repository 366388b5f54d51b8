namespace Experiments.Plugins.Sources.Tests;

public sealed class WetFormatTests
{
    [Fact]
    public void ConversionRecordsAreText()
    {
        var skips = new RecordedSkips();
        var file = Crawl.Join(
            Crawl.Gzip(Crawl.Record("warcinfo", "info", [])),
            Crawl.Gzip(Crawl.Record("conversion", "a", Crawl.Bytes("grün\nblau"), fields: "Content-Type: text/plain\r\nWARC-Identified-Content-Language: deu\r\n")));

        var document = new WetFormat().Read(file, skips, "x.warc.wet.gz").ShouldHaveSingleItem();

        document.Text.ShouldBe("grün\nblau");
        document.Id.ShouldBe("<urn:a>");
        document.Url.ShouldBe("http://example.org/a");
        document.Fact("content_language").ShouldBe("deu");
        skips.All.ShouldBeEmpty();
    }
}
