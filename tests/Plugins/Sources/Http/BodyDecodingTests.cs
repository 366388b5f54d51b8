using System.IO.Compression;
using System.Text;
using Experiments.Plugins.Sources.Compression;
using Experiments.Plugins.Sources.Http;
using Experiments.Plugins.Sources.Warc;

namespace Experiments.Plugins.Sources.Tests.Http;

public sealed class BodyDecodingTests
{
    private static readonly string Page = "<html>" + string.Concat(Enumerable.Range(0, 2000)) + "</html>";

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    public void ContentEncodingsAreUndoneAndACutBodyIsDamage(string encoding)
    {
        var body = Encode(encoding, Crawl.Bytes(Page));
        var header = $"Content-Encoding: {encoding.Split(' ')[^1]}";

        Decode(header, body).ShouldBe(Page);
        foreach (var length in (int[])[body.Length - 1, body.Length / 2, 20])
        {
            Should.Throw<DamagedInputException>(() => Decode(header, body[..length]), $"cut to {length} bytes");
        }
    }

    [Fact]
    public void SeveralEncodingsAreUndoneFromTheLast() =>
        Decode("Content-Encoding: gzip, br", Encode("br", Encode("gzip", Crawl.Bytes(Page)))).ShouldBe(Page);

    [Theory]
    [InlineData("Content-Encoding: gzip")]
    [InlineData("Content-Encoding: br")]
    [InlineData("Content-Encoding: deflate")]
    [InlineData("Content-Encoding: UTF-8")]
    [InlineData("Transfer-Encoding: chunked")]
    public void ABodyThatTheCrawlerDecodedStaysAsItIs(string header) => Decode(header, Crawl.Bytes(Page)).ShouldBe(Page);

    [Fact]
    public void ChunksAreJoined() =>
        Decode("Transfer-Encoding: chunked", Crawl.Bytes("5\r\n<html\r\n2;extension=1\r\n>x\r\n0 \r\nTrailer: y\r\n\r\n")).ShouldBe("<html>x");

    [Theory]
    [InlineData("5\r\n<html\r\n2\r\n>")]
    [InlineData("5\r\n<html>x\r\n0\r\n\r\n")]
    [InlineData("5\r\n<html\r\nzz\r\n>x\r\n0\r\n\r\n")]
    [InlineData("5\r\n<html\r\n")]
    [InlineData("fffffff\r\n<html\r\n")]
    public void BrokenChunksAreDamage(string body) =>
        Should.Throw<DamagedInputException>(() => Decode("Transfer-Encoding: chunked", Crawl.Bytes(body))).Reason.ShouldBe("broken_chunking");

    [Fact]
    public void ABodyShorterThanItsLengthIsDamage() =>
        Should.Throw<DamagedInputException>(() => Decode("Content-Length: 10", Crawl.Bytes("<html>"))).Reason.ShouldBe("truncated_body");

    [Fact]
    public void ABodyThatInflatesBeyondTheLimitIsDamage() =>
        Should.Throw<DamagedInputException>(() => Decode("Content-Encoding: gzip", Crawl.Gzip(new byte[WarcReader.LargestBlock + 1]))).Reason.ShouldBe("oversized_body");

    private static string Decode(string header, byte[] body) =>
        Encoding.UTF8.GetString(BodyDecoding.Decode(HttpResponse.Parse(Crawl.Join(Crawl.Bytes($"HTTP/1.1 200 OK\r\n{header}\r\n\r\n"), body))!));

    private static byte[] Encode(string encoding, byte[] body)
    {
        using var stream = new MemoryStream();
        using (Stream encoder = encoding switch
        {
            "deflate" => new ZLibStream(stream, CompressionLevel.Optimal),
            "raw deflate" => new DeflateStream(stream, CompressionLevel.Optimal),
            "br" => new BrotliStream(stream, CompressionLevel.Optimal),
            "zstd" => new ZstdSharp.CompressionStream(stream),
            _ => new GZipStream(stream, CompressionLevel.Optimal),
        })
        {
            encoder.Write(body);
        }

        return stream.ToArray();
    }
}
