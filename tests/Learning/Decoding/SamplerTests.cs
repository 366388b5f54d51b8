using Experiments.Contracts;

namespace Experiments.Learning.Tests;

public class SamplerTests
{
    private static readonly float[] Logits = [1, 3, 2, -1, 0.5f];

    [Theory]
    [InlineData(0.7)]
    [InlineData(1)]
    [InlineData(1.5)]
    public void DrawsFollowTheSoftmaxAtATemperature(double temperature)
    {
        const int Draws = 100_000;
        double[] weights = [.. Logits.Select(logit => Math.Exp(logit / temperature))];
        var counts = Count(new SamplingOptions { Temperature = temperature }, Draws);
        var chiSquare = weights.Select(weight => weight / weights.Sum() * Draws).Zip(counts, (expected, count) => (count - expected) * (count - expected) / expected).Sum();
        chiSquare.ShouldBeLessThan(13.28, "p > 0.01 with 4 degrees of freedom");
    }

    [Fact]
    public void TemperatureZeroTakesTheLikeliest() =>
        Count(new SamplingOptions { Temperature = 0 }, 100).ShouldBe([0, 100, 0, 0, 0]);

    [Fact]
    public void TopKKeepsTheLikeliestK() =>
        Count(new SamplingOptions { TopK = 2 }, 10_000).Select(count => count > 0).ShouldBe([false, true, true, false, false]);

    [Fact]
    public void TopPKeepsTheLeastSetThatReachesTheShare() =>
        Count(new SamplingOptions { TopP = 0.8 }, 10_000).Select(count => count > 0).ShouldBe([false, true, true, false, false]);

    [Fact]
    public void TheLogProbabilityIsThatOfTheDistributionDrawnFrom()
    {
        var random = new RandomStream(1, "test");
        var (token, logProbability, _, _) = new Sampler(new SamplingOptions { Temperature = 0.5, TopK = 2 }, Logits.Length).Draw(Logits, [], ref random);
        var (first, second) = (Math.Exp(3 / 0.5), Math.Exp(2 / 0.5));
        logProbability.ShouldBe((float)Math.Log((token == 1 ? first : second) / (first + second)), 1e-5f);
    }

    private static int[] Count(SamplingOptions options, int draws)
    {
        var counts = new int[Logits.Length];
        var random = new RandomStream(1, "test");
        var sampler = new Sampler(options, Logits.Length);
        for (var i = 0; i < draws; i++)
        {
            counts[sampler.Draw(Logits, [], ref random).Token]++;
        }

        return counts;
    }
}
