using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters.Tests;

public sealed class LanguageFilterTests
{
    private const string English = "I wish that it had not happened in my time, and so do all who live to see such times, but that is not for them to decide.";
    private const string German = "Ich wünschte, das wäre nicht zu meiner Zeit geschehen, und so denken alle, die in solchen Zeiten leben, aber es ist nicht an ihnen.";

    [Fact]
    public void LanguageAndScoreAreWrittenIntoWhatStays()
    {
        var kept = new LanguageFilter(new()).Apply(new Document("1", English)).Document!;
        kept.Fact("language").ShouldBe("en");
        kept.Metadata["language_score"].GetDouble().ShouldBeInRange(0.65, 1);
    }

    [Fact]
    public void AnotherLanguageIsDroppedByItsName() => new LanguageFilter(new()).Apply(new Document("1", German)).Reason.ShouldBe("language_de");

    [Fact]
    public void AnEmptyListKeepsEveryLanguage() => new LanguageFilter(new() { Keep = [] }).Apply(new Document("1", German)).Document!.Fact("language").ShouldBe("de");

    [Fact]
    public void APageThatIsHalfInAnotherLanguageIsDropped()
    {
        var half = string.Concat(Enumerable.Repeat(English + " ", 12)) + string.Concat(Enumerable.Repeat(German + " ", 10));
        new LanguageFilter(new()).Apply(new Document("1", half)).Reason.ShouldBe("language_score");
    }
}
