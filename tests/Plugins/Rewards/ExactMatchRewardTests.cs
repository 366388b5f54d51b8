using Experiments.Contracts.Text;

namespace Experiments.Plugins.Rewards.Tests;

public sealed class ExactMatchRewardTests
{
    private static readonly Problem Capital = new("Capital of France?", "Paris");

    [Theory]
    [InlineData("Paris", 1)]
    [InlineData(" Paris\n", 1)]
    [InlineData("paris", 0)]
    [InlineData("Paris.", 0)]
    [InlineData("Paris Paris", 0)]
    [InlineData("Par is", 0)]
    [InlineData("", 0)]
    [InlineData("P\u0430ris", 0)]
    public void OnlyTheTruthItselfScores(string answer, double score) =>
        new ExactMatchReward(new()).Score(Capital, answer, stopped: true).ShouldBe(score);

    [Fact]
    public void CaseCountsUnlessItIsIgnored() =>
        new ExactMatchReward(new() { IgnoreCase = true }).Score(Capital, "PARIS", stopped: true).ShouldBe(1);

    [Fact]
    public void AnAnswerCutAtTheLimitScoresNothing() =>
        new ExactMatchReward(new()).Score(Capital, "Paris", stopped: false).ShouldBe(0);

    [Fact]
    public void AnAnswerCutAtTheLimitScoresWhenStoppingIsNotAsked() =>
        new ExactMatchReward(new() { MustStop = false }).Score(Capital, "Paris", stopped: false).ShouldBe(1);
}
