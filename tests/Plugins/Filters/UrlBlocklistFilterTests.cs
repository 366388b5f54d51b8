using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Filters.Tests;

public sealed class UrlBlocklistFilterTests
{
    private static readonly UrlBlocklistFilter Filter = new(new()
    {
        Domains = ["bad.example", "worse.co.uk", "blog.host.org"], Urls = ["http://good.org/bad-page/"], HardWords = ["#hard"], SoftWords = ["soft", "softer"],
        Subwords = ["under cover"], BuiltIn = false,
    });

    [Theory]
    [InlineData("http://bad.example/", "domain")]
    [InlineData("https://www.BAD.example:8080/x", "domain")]
    [InlineData("http://user@bad.example", "domain")]
    [InlineData("http://a.worse.co.uk/", "domain")]
    [InlineData("http://other.co.uk/", null)]
    [InlineData("http://notbad.example/", null)]
    [InlineData("http://blog.host.org/1", "subdomain")]
    [InlineData("http://my.blog.host.org/1", "subdomain")]
    [InlineData("http://host.org/1", null)]
    [InlineData("https://good.org/bad-page", "url")]
    [InlineData("http://good.org/bad-page-2", null)]
    [InlineData("http://good.org/a-hard-one", "hard_blacklisted")]
    [InlineData("http://good.org/Hard", null)]
    [InlineData("http://good.org/harder", null)]
    [InlineData("http://good.org/soft/soft", null)]
    [InlineData("http://good.org/soft/softer", "soft_blacklisted")]
    [InlineData("http://good.org/x-UnderCover-y", "blacklisted_subword")]
    [InlineData("http://good.org/under-cover", "blacklisted_subword")]
    [InlineData("no url at all", null)]
    [InlineData(null, null)]
    public void AnAddressIsDroppedForTheFirstReasonThatHolds(string? url, string? reason) => Filter.Apply(new Document("1", "text") { Url = url }).Reason.ShouldBe(reason);

    [Fact]
    public void PublishedListsAreReadAsTheyAre()
    {
        if (SharedData.Find("url") is not { } folder)
        {
            Assert.Skip("shared data absent");
            return;
        }

        var filter = new UrlBlocklistFilter(new()
        {
            DomainFiles = [Path.Combine(folder, "ut1/gambling/domains.gz")],
            HardWordFiles = [Path.Combine(folder, "refinedweb-words/banned_words.txt")],
            SoftWordFiles = [Path.Combine(folder, "refinedweb-words/soft_banned_words.txt")],
            SubwordFiles = [Path.Combine(folder, "refinedweb-words/banned_subwords.txt")],
        });
        var listed = UrlWords.ReadList(Path.Combine(folder, "ut1/gambling/domains.gz")).First(entry => entry.Count(letter => letter == '.') == 1);
        Reason($"http://www.{listed}/").ShouldBe("domain");
        Reason("http://good.org/2g1c").ShouldBe("hard_blacklisted");
        Reason("http://good.org/alaskan-pipeline").ShouldBe("blacklisted_subword");
        Reason("http://en.wikipedia.org/wiki/Essex").ShouldBeNull();

        string? Reason(string url) => filter.Apply(new Document("1", "text") { Url = url }).Reason;
    }
}
