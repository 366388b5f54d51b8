using Experiments.Contracts.Text;

namespace Experiments.Plugins.Rewards.Tests;

public sealed class FinalNumberRewardTests
{
    [Theory]
    [InlineData("18", "18")]
    [InlineData("18", "She makes 9 * 2 = 18 dollars.")]
    [InlineData("18", "She makes **$18.00** a day.")]
    [InlineData("18", "#### 18")]
    [InlineData("18", "018")]
    [InlineData("1234567", "That is $1,234,567.")]
    [InlineData("1,000", "1000")]
    [InlineData("-5", "It is -5.")]
    [InlineData("-5", "It is \u22125")]
    [InlineData("-5", "It is -$5")]
    [InlineData("0", "-0")]
    [InlineData("0.5", "p = .5")]
    [InlineData("3", "5-3")]
    [InlineData("4", "GPT-4")]
    [InlineData("3", "(2)-3")]
    [InlineData("5", "The answer is ... 5")]
    [InlineData("2", "Take 1,2")]
    [InlineData("50", "About 50%")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("#### 7", "7")]
    public void TheLastNumberCounts(string truth, string answer) => Score(truth, answer).ShouldBe(1);

    [Theory]
    [InlineData("18", "")]
    [InlineData("18", "eighteen")]
    [InlineData("18", "18 or 19")]
    [InlineData("18", "1 8")]
    [InlineData("18", "18.5")]
    [InlineData("18", "-18")]
    [InlineData("18", "180")]
    [InlineData("18", "1,8")]
    [InlineData("1000", "1,0000")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("18", "\uFF11\uFF18")]
    [InlineData("none", "18")]
    [InlineData("none", "none")]
    [InlineData("18", "$,.-")]
    public void AnythingElseScoresNothing(string truth, string answer) => Score(truth, answer).ShouldBe(0);

    [Fact]
    public void AnAnswerCutAtTheLimitScoresNothingUnlessStoppingIsNotAsked()
    {
        new FinalNumberReward(new()).Score(new("?", "18"), "18", stopped: false).ShouldBe(0);
        new FinalNumberReward(new() { MustStop = false }).Score(new("?", "18"), "18", stopped: false).ShouldBe(1);
    }

    [Theory]
    [InlineData("1,111")]
    [InlineData("1,111,")]
    [InlineData("-$")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData("1")]
    public void AHostileAnswerIsReadInLinearTime(string piece)
    {
        var answer = string.Concat(Enumerable.Repeat(piece, 300_000)) + " 18"; // quadratic time would be hours
        Score("18", answer).ShouldBe(1);
    }

    private static double Score(string truth, string answer) => new FinalNumberReward(new()).Score(new Problem("?", truth), answer, stopped: true);
}
