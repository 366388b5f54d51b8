using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Experiments.Plugins.Worlds.Truth;
using Experiments.Plugins.Worlds.Web;
using Experiments.Testing;

namespace Experiments.Plugins.Worlds.Tests;

public sealed partial class GenerateWorldTests(GeneratedWorld world) : IClassFixture<GeneratedWorld>
{
    [Fact]
    public void TheSameSeedGivesTheSameBytesAndAnotherSeedOthers()
    {
        using var bench = new StageBench();
        var again = Hashes(GeneratedWorld.Run(bench, "again", GeneratedWorld.Seed));
        var other = Hashes(GeneratedWorld.Run(bench, "other", GeneratedWorld.Seed + 1));
        var first = Hashes(world.World);

        again.ShouldBe(first);
        first.Keys.Count(file => other[file] == first[file]).ShouldBe(0);
    }

    [Fact]
    public void EveryResponseOfTheCrawlHasItsLineOfTruth()
    {
        var records = world.World.Crawl.Files.SelectMany(file => Header().Matches(Unzip(file))).Select(match => (Id: match.Groups[1].Value, Url: match.Groups[2].Value)).ToList();

        records.Count.ShouldBeGreaterThan(300);
        records.ShouldBe(world.Truth.Select(page => (page.RecordId, page.Url)));
        records.Select(record => record.Url).Distinct().Count().ShouldBe(records.Count);
        records.Select(record => record.Id).Distinct().Count().ShouldBe(records.Count);
    }

    [Fact]
    public void EveryKindOfNoiseIsThere() =>
        world.Truth.Select(page => page.Reason).Distinct().Order().ShouldBe(
            new[]
            {
                null, Reasons.BlockedUrl, Reasons.ExactDuplicate, Reasons.NearDuplicate, Reasons.NotEnglish, Reasons.NotHtml, Reasons.NotOk, Reasons.Repetitive, Reasons.Thin,
            }.Order());

    [Fact]
    public void GoodPagesPassTheFiltersOfTheField() =>
        world.Good.Select(page => (page.Kind, Rule: TextRules.Broken(page.MainText), page.MainText)).Where(page => page.Rule is not null).ShouldBeEmpty();

    [Fact]
    public void BadTextsBreakTheFiltersOfTheField() =>
        world.Truth.Where(page => page.Reason is Reasons.Thin or Reasons.Repetitive).ShouldAllBe(page => page.MainText == "" || TextRules.Broken(page.MainText) != null);

    [Fact]
    public void NoAddressSpellsAWordThatUrlFiltersRefuse() =>
        world.Good.ShouldAllBe(page => !page.Url.Replace(".", "").Replace("/", "").Contains("sex"));

    [Fact]
    public void GoodPagesAreFarFromEachOtherAndNearDuplicatesCloseToTheirOriginals()
    {
        var pages = world.Good.Select(page => (page.Url, Grams: FiveGrams(page.MainText))).ToList();
        for (var i = 0; i < pages.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Jaccard(pages[i].Grams, pages[j].Grams).ShouldBeLessThan(0.3);
            }
        }

        var originals = pages.ToDictionary(page => page.Url, page => page.Grams);
        world.Truth.Where(page => page.Reason == Reasons.NearDuplicate)
            .ShouldAllBe(page => Jaccard(FiveGrams(page.MainText), originals[page.DuplicateOf!]) > 0.88 && page.MainText != "");
    }

    [Fact]
    public void AnOriginalStandsBeforeItsCopies()
    {
        var places = world.Truth.Select((page, i) => (page.Url, i)).ToDictionary(pair => pair.Url, pair => pair.i);
        var copies = world.Truth.Where(page => page.DuplicateOf is not null).ToList();
        copies.Count.ShouldBeGreaterThan(20);
        copies.ShouldAllBe(copy => places[copy.DuplicateOf!] < places[copy.Url]);

        var bodies = world.Responses.ToDictionary(response => response.Truth.Url, response => response.Body);
        copies.Where(copy => copy.Reason == Reasons.ExactDuplicate).ShouldAllBe(copy => bodies[copy.Url].SequenceEqual(bodies[copy.DuplicateOf!]));
    }

    [Fact]
    public void ThePageHoldsItsMainTextInItsCharset()
    {
        var pages = world.Responses.Where(response => response.Truth.MainText != "").ToList();
        pages.Select(page => page.Truth.Charset).Distinct().Count().ShouldBeGreaterThanOrEqualTo(7);
        foreach (var page in pages)
        {
            var charset = page.Truth.Charset!;
            var html = (CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset)).GetString(page.Body);
            var text = Tag().Replace(html, "");
            page.Truth.MainText.Split('\n').ShouldAllBe(paragraph => text.Contains(paragraph));
        }
    }

    [Fact]
    public void PersonalDataStandsInTheMainText()
    {
        world.Good.Sum(page => page.Emails.Count).ShouldBeGreaterThan(30);
        world.Good.ShouldAllBe(page => page.Emails.Concat(page.PublicIps).Concat(page.PrivateIps).All(page.MainText.Contains));
        world.Good.ShouldAllBe(page => page.MainText.Count(character => character == '@') == page.Emails.Count);
    }

    [Fact]
    public void BlockedPagesLieUnderTheBlockedDomains() =>
        world.Truth.ShouldAllBe(page => (page.Reason == Reasons.BlockedUrl) == Site.BlockedDomains.Any(domain => page.Url.Contains(domain)));

    [Fact]
    public void EveryFactIsToldInThreePhrasingsOnSeveralPages()
    {
        foreach (var person in world.People)
        {
            var pages = world.Good.Where(page => page.MainText.Contains(person.Name)).ToList();
            pages.Count.ShouldBeGreaterThanOrEqualTo(3);
            foreach (var fact in new[] { person.City, person.Job, person.Year.ToString() })
            {
                pages.SelectMany(page => SentenceGap().Split(page.MainText)).Where(sentence => sentence.Contains(person.Name) && sentence.Contains(fact))
                    .Select(sentence => sentence.Replace(person.City, "C").Replace(person.Job, "J").Replace(person.Year.ToString(), "Y")).Distinct().Count().ShouldBeGreaterThanOrEqualTo(3);
            }
        }
    }

    private static SortedDictionary<string, string> Hashes(World made)
    {
        var root = Path.GetDirectoryName(made.Crawl.Folder)!;
        return new(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(root, file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))));
    }

    private static string Unzip(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress), Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static HashSet<string> FiveGrams(string text) => [.. TextRules.Grams(Digits().Replace(text.ToLowerInvariant(), "0").Split((char[])[' ', '\n', '.', ',', '?']), 5)];

    private static double Jaccard(HashSet<string> left, HashSet<string> right)
    {
        var common = left.Count(right.Contains);
        return common / (double)(left.Count + right.Count - common);
    }

    [GeneratedRegex(@"WARC-Type: response\r\n(?:.+\r\n)*?WARC-Record-ID: (.+)\r\n(?:.+\r\n)*?WARC-Target-URI: (.+)\r\n", RegexOptions.None, 10_000)]
    private static partial Regex Header();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 10_000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\d+", RegexOptions.None, 10_000)]
    private static partial Regex Digits();

    [GeneratedRegex(@"(?<=[.?]) ", RegexOptions.None, 10_000)]
    private static partial Regex SentenceGap();
}
