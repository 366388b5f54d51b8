namespace Experiments.Plugins.Training.Tests;

public sealed class DepthDialTests
{
    [Fact]
    public void TheLawsGiveWhatAHandComputes()
    {
        // C = 2e7 tokens · 6e6 operations = 1.2e14. 0.2920 · C^0.3271 = 11,800 tokens, which are 46 sequences of 256;
        // the nearest power of two is 64. 0.3118 / C^0.125 = 0.00542.
        var dial = DepthDial.Of(operationsPerToken: 6e6, sequenceLength: 256, tokens: 2e7);

        dial.Tokens.ShouldBe(2e7);
        dial.BatchSize.ShouldBe(64);
        dial.LearningRate.ShouldBe(0.00542, 1e-5);
        dial.ToString().ShouldBe("derived from the depth: 20,000,000 tokens, 64 sequences per step, a learning rate of 0.0054");
    }

    [Fact]
    public void ALargeModelReadsAQuarterOfAMillionTokensAStep() =>
        DepthDial.Of(8.5e8, sequenceLength: 1024, tokens: 20 * 124e6).BatchSize.ShouldBe(256); // C = 2.1e18: 288,000 tokens

    [Fact]
    public void LargerModelsTakeLargerStepsAndSmallerRates()
    {
        var dials = new[] { 1, 4, 16, 64 }.Select(size => DepthDial.Of(size * 6e6, 256, tokens: size * 2e7)).ToList();

        dials.Select(dial => dial.BatchSize).ShouldBe(dials.Select(dial => dial.BatchSize).Order());
        dials[^1].BatchSize.ShouldBeGreaterThan(dials[0].BatchSize);
        dials.Select(dial => dial.LearningRate).ShouldBe(dials.Select(dial => dial.LearningRate).OrderDescending());
    }

    [Fact]
    public void AStepHasAtLeastOneSequence() =>
        DepthDial.Of(6000, sequenceLength: 4096, tokens: 20_000).BatchSize.ShouldBe(1);
}
