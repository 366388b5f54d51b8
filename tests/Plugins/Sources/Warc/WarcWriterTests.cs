using System.Text;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Sources.Tests.Warc;

public sealed class WarcWriterTests
{
    private static readonly DateTimeOffset Date = new(2024, 5, 18, 3, 58, 10, TimeSpan.FromHours(2));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatItWritesIsReadBack(bool gzip)
    {
        var skips = new RecordedSkips();

        var page = new WarcFormat().Read(Write(gzip), skips).ShouldHaveSingleItem();

        skips.All.ShouldBeEmpty();
        page.Id.ShouldBe("<urn:uuid:1>");
        page.Url.ShouldBe("https://example.org/ä b");
        page.Text.ShouldBe("<html>grün</html>");
        page.Fact("date").ShouldBe("2024-05-18T01:58:10Z");
        page.Fact("content_type").ShouldBe("text/html; charset=utf-8");
        page.Fact("charset").ShouldBe("utf-8");
        page.Fact("file").ShouldBe("crawl.warc.gz");
    }

    [Fact]
    public void TheSameCallsGiveTheSameBytes() => Write(gzip: true).ShouldBe(Write(gzip: true));

    [Fact]
    public void DigestsAreSha1InBase32()
    {
        var text = Encoding.UTF8.GetString(Write(gzip: false, body: ""));

        // The digest of an empty payload, as in Common Crawl's request records.
        text.ShouldContain("WARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\r\n");
    }

    [Fact]
    public void AHeaderThatWouldBreakItsLineIsRefused()
    {
        var writer = new WarcWriter(new MemoryStream());

        Should.Throw<ArgumentException>(() => writer.WriteResponse("u", Date, "<urn:1>", 200, [new("X", "a\r\nb")], default));
        Should.Throw<ArgumentException>(() => writer.WriteResponse("u", Date, "urn:1", 200, [], default));
    }

    private static byte[] Write(bool gzip, string body = "<html>grün</html>")
    {
        using var stream = new MemoryStream();
        var writer = new WarcWriter(stream, gzip);
        writer.WriteInfo("<urn:uuid:0>", Date, "crawl.warc.gz", [new("software", "lab")]);
        writer.WriteResponse("https://example.org/ä b", Date, "<urn:uuid:1>", 200, [new("Content-Type", "text/html; charset=utf-8")], Encoding.UTF8.GetBytes(body), "text/html");
        writer.Position.ShouldBe(stream.Length);
        return stream.ToArray();
    }
}
