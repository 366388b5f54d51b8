using Experiments.Contracts.Artifacts;
using Experiments.Plugins.Filters.Languages;
using Experiments.Testing;

namespace Experiments.Plugins.Filters.Tests.Languages;

public sealed class LanguageDetectorTests(ITestOutputHelper output)
{
    private readonly LanguageDetector _detector = new();

    // Fellowship of the Ring in four languages, and sentences in scripts that are used for one language only.
    [Theory]
    [InlineData("All we have to decide is what to do with the time that is given us.", "en")]
    [InlineData("Un magicien n'est jamais en retard, ni en avance; il arrive précisément à l'heure prévue.", "fr")]
    [InlineData("Um mago nunca chega tarde, nem cedo. Ele chega precisamente na hora que pretende.", "pt")]
    [InlineData("Molti tra i vivi meritano la morte. E parecchi che sono morti avrebbero meritato la vita.", "it")]
    [InlineData("Ein Zauberer kommt nie zu spät, und er kommt auch nicht zu früh.", "de")]
    [InlineData("Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.", "ru")]
    [InlineData("これは日本語の文章です。漢字もあります。", "ja")]
    [InlineData("这是一个中文句子。", "zh")]
    [InlineData("이것은 한국어 문장입니다.", "ko")]
    [InlineData("12345 --- 67890", "und")]
    public void TheLanguageOfASentenceIsFound(string text, string language) => _detector.Detect(text).Language.ShouldBe(language);

    [Fact]
    public void ATextInTwoLanguagesGetsAScoreForEach()
    {
        var english = string.Concat(Enumerable.Repeat("It was the best of times and it was the worst of times for all of us. ", 20));
        var german = string.Concat(Enumerable.Repeat("Es war die beste Zeit und es war die schlechteste Zeit für uns alle, die wir da waren. ", 20));
        var shares = _detector.Shares(english + german);
        shares["en"].ShouldBeInRange(0.4, 0.6);
        shares["de"].ShouldBeInRange(0.4, 0.6);
        shares.Values.Sum().ShouldBe(1, 1e-9);
    }

    [Fact]
    public void SentencesOfTheLinguaCorpusAreTold()
    {
        if (SharedData.Find("langid/lingua-sentences-train.jsonl.gz") is not { } path)
        {
            Assert.Skip("shared data absent");
            return;
        }

        var sentences = JsonLines.Read([path], line => (Language: line.Text("lang"), Text: line.Text("text"))).ToList();
        var judged = sentences.Select(sentence => (sentence.Language, Found: _detector.Detect(sentence.Text))).ToList();
        foreach (var group in judged.GroupBy(each => each.Language).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var wrong = group.Where(each => each.Found.Language != group.Key).GroupBy(each => each.Found.Language).OrderByDescending(each => each.Count());
            output.WriteLine($"{group.Key} {group.Count(each => each.Found.Language == group.Key) / (double)group.Count():F3} of {group.Count()}: {string.Join(' ', wrong.Take(4).Select(each => $"{each.Key} {each.Count()}"))}");
        }

        string[] covered = ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "tr", "ro", "hu", "id", "vi", "ru", "uk", "bg"];
        var ofCovered = judged.Where(each => covered.Contains(each.Language)).ToList();
        var accuracy = ofCovered.Count(each => each.Found.Language == (each.Language == "nb" ? "no" : each.Language)) / (double)ofCovered.Count;
        var kept = judged.Where(each => each.Found is { Language: "en", Score: > 0.65 }).ToList();
        var precision = kept.Count(each => each.Language == "en") / (double)kept.Count;
        var recall = kept.Count(each => each.Language == "en") / (double)judged.Count(each => each.Language == "en");
        output.WriteLine($"accuracy over {covered.Length} languages {accuracy:F4}; English at 0.65 against the rest: precision {precision:F4}, recall {recall:F4}");
        accuracy.ShouldBeGreaterThan(0.9);
        precision.ShouldBeGreaterThan(0.85);
        recall.ShouldBeGreaterThan(0.9);
    }
}
