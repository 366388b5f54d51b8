using System.Xml.Linq;
using Experiments.Contracts.Reports;

namespace Experiments.Contracts.Tests.Reports;

/// <summary>Names and texts that come from data are shown as they are, and never become Markdown, HTML or SVG.</summary>
public sealed class MarkdownPageTests
{
    private const string Evil = "a|b `c` <script>alert(1)</script> [x](javascript:1)\u001B[31m\n\"q\" $x$";

    [Fact]
    public void ATextIsQuoted()
    {
        var quoted = MarkdownPage.Quote(Evil);

        quoted.ShouldNotContain("<script");
        quoted.ShouldNotContain("\u001B");
        quoted.ShouldBe("a\\|b \\`c\\` &lt;script&gt;alert(1)&lt;/script&gt; \\[x\\](javascript:1)\uFFFD\\[31m<br>&quot;q&quot; \\$x\\$");
    }

    [Theory]
    [InlineData("loss", "`loss`")]
    [InlineData("a|b", "`a\\|b`")]
    [InlineData("a`b", "``a`b``")]
    [InlineData("`a``b`", "``` `a``b` ```")]
    [InlineData("", "`  `")]
    [InlineData("a\nb\u001B", "`a\uFFFDb\uFFFD`")]
    [InlineData("<b>", "`<b>`")]
    public void ANameIsOneCodeSpan(string name, string span) => MarkdownPage.Code(name).ShouldBe(span);

    [Fact]
    public void AFoldedTextCannotEndItsBlock()
    {
        var page = new MarkdownPage();
        page.Folded("Options", "json", "```\n</details><script>\n````");

        page.ToString().ShouldBe("<details><summary>Options</summary>\n\n`````json\n```\n</details><script>\n````\n`````\n\n</details>\n\n");
    }

    [Fact]
    public void HeadersAndMeaningsArePlainText()
    {
        var page = new MarkdownPage();
        page.Table(["<i>|"], [["1"]]);
        page.Picture("plots/a.svg", "](x) <b>");
        page.Pictures([("plots/b.svg", "\" onload=\"x")]);

        page.ToString().ShouldBe("| &lt;i&gt;\\| |\n| --- |\n| 1 |\n\n![\\](x) &lt;b&gt;](plots/a.svg)\n\n<img src=\"plots/b.svg\" alt=\"&quot; onload=&quot;x\" width=\"49%\">\n\n");
    }

    [Fact]
    public void ATextInAPictureIsText()
    {
        var canvas = new SvgCanvas(10, 10);
        canvas.Text(1, 1, Evil + "\0\uFFFF", SvgCanvas.Ink);

        var text = XDocument.Parse(canvas.ToString()).Descendants().Single(element => element.Name.LocalName == "text");
        text.HasElements.ShouldBeFalse();
        text.Value.ShouldStartWith("a|b `c` <script>alert(1)</script>");
    }
}
