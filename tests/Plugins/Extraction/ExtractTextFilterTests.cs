using Experiments.Contracts.Text;

namespace Experiments.Plugins.Extraction.Tests;

public sealed class ExtractTextFilterTests
{
    private const string Paragraph = "The river rose in the night, and by the morning it had reached the lower streets, where people carried what they could upstairs.";
    private static readonly ExtractTextFilter Filter = new(new());

    [Fact]
    public void TheArticleStaysAndEverythingAroundItGoes()
    {
        var page = $"""
            <html><head><title>Flood | The Daily</title><meta property="og:title" content="Flood in the lower town"><script>var x = 1;</script></head>
            <body><header><nav><a href="/">Home</a> <a href="/news">News</a></nav></header>
            <div class="cookie-banner">We use cookies, and you agree to all of them, whatever they may be, by reading this.</div>
            <div id="content"><h1>Flood in the lower town</h1><p>{Paragraph}</p><h2>After the flood</h2><p>{Paragraph} <a href="/x">More</a> was to come.</p>
            <ul><li>First item of a list</li><li>Second item of a list</li></ul>
            <table><tr><th>Street</th><th>Level</th></tr><tr><td>Mill Lane</td><td>2 m</td></tr></table>
            <pre>if (x)
                run();</pre>
            <div class="share-buttons">Share this on every network, please, and tell your friends.</div>
            <p>{Paragraph}</p></div>
            <aside><p>{Paragraph.ToUpperInvariant()}</p></aside>
            <div class="related"><ul><li><a href="/1">Another story that you may like</a></li></ul></div>
            <footer>Copyright by the Daily, all rights reserved, since ever.</footer></body></html>
            """;
        var extracted = Filter.Apply(new Document("1", page)).Document!;
        extracted.Fact("title").ShouldBe("Flood in the lower town");
        extracted.Text.ShouldBe(string.Join('\n',
            Paragraph, "After the flood", Paragraph + " More was to come.", "- First item of a list", "- Second item of a list", "Street | Level", "Mill Lane | 2 m",
            "if (x)", "    run();", Paragraph));
    }

    [Fact]
    public void APageOfMenusHasNoMainText()
    {
        var menu = string.Concat(Enumerable.Range(0, 80).Select(i => $"<li><a href='/{i}'>Section {i} of the site</a></li>"));
        Filter.Apply(new Document("1", $"<html><body><nav><ul>{menu}</ul></nav><div class='menu'><ul>{menu}</ul></div></body></html>")).Reason.ShouldBe("no_main_text");
    }

    [Theory]
    [InlineData("Plain text, 3 < 4 and no tag at all.", null)]
    [InlineData("A text about <b>bold</b> markup.", "text/plain")]
    [InlineData("", null)]
    public void PlainTextPassesThrough(string text, string? type)
    {
        var document = new Document("1", text);
        document = type is null ? document : document.With("content_type", type);
        Filter.Apply(document).Document.ShouldBeSameAs(document);
    }

    [Theory]
    [InlineData("<div>", "page_too_complex")]
    [InlineData("<b x=1>", "page_too_complex")]
    [InlineData("<table><tr><td>", "page_too_complex")]
    [InlineData("<p>", "no_main_text")]
    [InlineData("<a href=x>y</a>", "no_main_text")]
    [InlineData("<!--", "no_main_text")]
    [InlineData("</div>", "no_main_text")]
    [InlineData("<br>", "no_main_text")]
    public void AHostilePageCostsLittle(string unit, string reason) =>
        Filter.Apply(new Document("1", "<html><body>" + string.Concat(Enumerable.Repeat(unit, 100_000)))).Reason.ShouldBe(reason);

    [Fact]
    public void FormattingThatIsNeverClosedIsCountedAgainInEveryBlock()
    {
        var page = string.Concat(Enumerable.Range(0, 400).Select(i => $"<font size={i}>")) + string.Concat(Enumerable.Repeat("<p>x", 5000));
        Filter.Apply(new Document("1", page)).Reason.ShouldBe("page_too_complex");
    }

    [Fact]
    public void NestingUpToTheLimitIsRead()
    {
        var page = string.Concat(Enumerable.Repeat("<div>", 500)) + $"<p>{Paragraph}</p>" + string.Concat(Enumerable.Repeat("</div>", 500));
        Filter.Apply(new Document("1", page)).Document!.Text.ShouldBe(Paragraph);
    }

    [Fact]
    public void APageLargerThanTheLimitIsDropped() =>
        new ExtractTextFilter(new() { MaxCharacters = 10 }).Apply(new Document("1", "<p>" + Paragraph)).Reason.ShouldBe("page_too_large");
}
