using Experiments.Plugins.Sources.Http;

namespace Experiments.Plugins.Sources.Tests.Http;

public sealed class HttpResponseTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", 200)]
    [InlineData("HTTP/1.0 302 \r\n", 302)]
    [InlineData("HTTP/1.1 404\r\n", 404)]
    [InlineData("HTTP/2 200\n", 200)]
    public void TheStatusIsReadWithAndWithoutReasonPhrase(string statusLine, int status) =>
        Parse(statusLine + "X: y\r\n\r\nbody")!.Status.ShouldBe(status);

    [Theory]
    [InlineData("")]
    [InlineData("<html>no header</html>\r\n\r\n")]
    [InlineData("HTTP/1.1 OK\r\n\r\n")]
    [InlineData("HTTP/1.1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nthe header does not end")]
    [InlineData("HTTP/1.1 999 What\r\n\r\n")]
    public void WhatIsNoResponseIsNull(string block) => Parse(block).ShouldBeNull();

    [Fact]
    public void NamesIgnoreCaseLinesFoldAndStrayLinesArePassedOver()
    {
        var response = Parse("HTTP/1.1 200 OK\r\ncontent-TYPE: text/html;\r\n charset=x\r\nstray\r\n\r\n\r\nbody")!;

        response.Fields["Content-Type"].ShouldBe("text/html; charset=x");
        response.Body.ToArray().ShouldBe(Crawl.Bytes("\r\nbody"));
    }

    private static HttpResponse? Parse(string block) => HttpResponse.Parse(Crawl.Bytes(block));
}
