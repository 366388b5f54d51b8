namespace Experiments.Plugins.Alignment.Tests;

public class GroupAdvantageTests
{
    [Fact]
    public void OneRightAnswerOfFour()
    {
        GroupAdvantage.Of([1, 0, 0, 0], AdvantageKind.Grpo)!.ShouldBe([1.5, -0.5, -0.5, -0.5], 1e-12);
        GroupAdvantage.Of([1, 0, 0, 0], AdvantageKind.DrGrpo)!.ShouldBe([0.75, -0.25, -0.25, -0.25], 1e-12);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    public void EqualRewardsTeachNothing(double reward) => GroupAdvantage.Of([reward, reward, reward], AdvantageKind.Grpo).ShouldBeNull();
}
