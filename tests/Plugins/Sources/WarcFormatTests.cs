using Experiments.Contracts;

namespace Experiments.Plugins.Sources.Tests;

public sealed class WarcFormatTests
{
    private readonly RecordedSkips _skips = new();

    private List<string> Ids(params byte[][] records) => [.. new WarcFormat().Read(Crawl.Join([.. records.Select(record => Crawl.Gzip(record))]), _skips).Select(page => page.Id)];

    [Fact]
    public void WhatIsNoPageIsPassedOverInSilence()
    {
        Ids(
            Crawl.Response("moved", http: "HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\n\r\n"),
            Crawl.Response("image", http: "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"),
            Crawl.Response("lying", fields: "WARC-Identified-Payload-Type: application/pdf\r\n"),
            Crawl.Response("unknown", body: "plain", http: "HTTP/1.1 200 OK\r\n\r\n"),
            Crawl.Record("response", "dns", Crawl.Bytes("20240101\nexample.org. A 1.2.3.4"), fields: "Content-Type: text/dns\r\n"),
            Crawl.Record("request", "request", Crawl.Bytes("GET / HTTP/1.1\r\n\r\n")),
            Crawl.Record("revisit", "revisit", Crawl.Bytes("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")),
            Crawl.Record("warcinfo", "info", Crawl.Bytes("software: x\r\n"))).ShouldBeEmpty();
        _skips.All.ShouldBeEmpty();
    }

    [Fact]
    public void PagesAreFoundByIdentifiedTypeThenHeaderThenContent()
    {
        Ids(
            Crawl.Response("identified", http: "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", fields: "WARC-Identified-Payload-Type: application/xhtml+xml\r\n"),
            Crawl.Response("header", body: "x"),
            Crawl.Response("content", body: " \n<!DOCTYPE HTML><title>x", http: "HTTP/1.1 200 OK\r\n\r\n"),
            Crawl.Record("resource", "resource", Crawl.Bytes("<html>"), fields: "Content-Type: text/html; charset=utf-8\r\n"))
            .ShouldBe(["<urn:identified>", "<urn:header>", "<urn:content>", "<urn:resource>"]);
        _skips.All.ShouldBeEmpty();
    }

    [Fact]
    public void APageThatCannotBeDecodedIsNamed()
    {
        Ids(
            Crawl.Response("chunks", body: "5\r\n<html", http: "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Crawl.Response("http", http: "no response\r\n"),
            Crawl.Response("good")).ShouldBe(["<urn:good>"]);
        _skips.Reasons.ShouldBe(["broken_chunking", "malformed_http"]);
        _skips.All[0].Detail.ShouldContain("crawl.warc.gz at byte 0: http://example.org/chunks");
    }

    [Fact]
    public void APageThatTheCrawlerCutSaysSo() =>
        new WarcFormat().Read(Crawl.Response("a", fields: "WARC-Truncated: length\r\n"), _skips).ShouldHaveSingleItem().Fact("truncated").ShouldBe("length");

    [Fact]
    public void MutatedFilesNeverThrowAndEnd()
    {
        var file = Crawl.Join(
            Crawl.Gzip(Crawl.Response("a", body: "4\r\n<htm\r\n0\r\n\r\n", http: "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")),
            Crawl.Gzip(Crawl.Response("b"), Crawl.Record("request", "c", Crawl.Bytes("GET /"))),
            Crawl.Gzip(Crawl.Response("d", body: "<meta charset=x>" + new string('é', 200))));
        var plain = Crawl.Join(Crawl.Response("a"), Crawl.Response("b"), Crawl.Response("c"));
        var damaged = 0;
        for (var round = 0; round < 2000; round++)
        {
            var random = new RandomStream(1, "mutations", round);
            var skips = new RecordedSkips();
            new WarcFormat().Read(Mutate(round % 2 == 0 ? file : plain, ref random), skips);
            damaged += skips.All.Count > 0 ? 1 : 0;
        }

        damaged.ShouldBeGreaterThan(1000);
    }

    private static byte[] Mutate(byte[] file, ref RandomStream random)
    {
        var bytes = file.ToList();
        for (var count = random.Next(1, 8); count > 0 && bytes.Count > 10; count--)
        {
            var at = random.Next(bytes.Count);
            var length = random.Next(Math.Min(60, bytes.Count - at));
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes[at] = (byte)random.Next(256);
                    break;
                default:
                    bytes.RemoveRange(Math.Max(at, bytes.Count - length), bytes.Count - Math.Max(at, bytes.Count - length));
                    break;
            }
        }

        return [.. bytes];
    }
}
