using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Learning.Decoding;

namespace Experiments.Learning.Tests.Decoding;

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

    public static TheoryData<SamplingOptions> Truncations => new(
        new SamplingOptions { TopK = 40 },
        new SamplingOptions { TopK = 40, Temperature = 1.5 },
        new SamplingOptions { TopP = 0.6 },
        new SamplingOptions { MinP = 0.25, Temperature = 0.7 },
        new SamplingOptions { TopK = 60, TopP = 0.5 });

    [Theory, MemberData(nameof(Truncations))]
    public void DrawsFollowTheTruncatedSoftmax(SamplingOptions options)
    {
        // A hundred unsorted logits. The plain implementation sorts them.
        float[] logits = [.. Enumerable.Range(0, 100).Select(i => (i * 37 % 100) / 40f)];
        double[] weights = [.. logits.Select(logit => Math.Exp(logit / options.Temperature))];
        var kept = weights.Index().Where(pair => pair.Item >= weights.Max() * (options.MinP ?? 0)).OrderByDescending(pair => pair.Item).Take(options.TopK ?? 100).ToList();
        var (goal, sum, nucleus) = (kept.Sum(pair => pair.Item) * (options.TopP ?? 2), 0.0, new HashSet<int>());
        foreach (var (token, weight) in kept.TakeWhile(_ => sum < goal))
        {
            nucleus.Add(token);
            sum += weight;
        }

        var counts = Count(options, 100_000, logits);
        counts.Index().Where(pair => pair.Item > 0).ShouldAllBe(pair => nucleus.Contains(pair.Index));
        var chiSquare = nucleus.Sum(token => Math.Pow(counts[token] - (weights[token] / sum * 100_000), 2) / (weights[token] / sum * 100_000));
        chiSquare.ShouldBeLessThan(nucleus.Count - 1 + (3.1 * Math.Sqrt(2 * (nucleus.Count - 1))), $"p > 0.001 with {nucleus.Count - 1} degrees of freedom");
    }

    [Fact]
    public void EqualLogitsAreCutByTheirIds() =>
        Count(new SamplingOptions { TopK = 2 }, 1_000, [1, 1, 1, 1]).Select(count => count > 0).ShouldBe([true, true, false, false]);

    [Fact]
    public void TheRepetitionPenaltyDividesPositiveLogitsAndMultipliesNegativeOnes()
    {
        var random = new RandomStream(1, "test");
        var sampler = new Sampler(new SamplingOptions { RepetitionPenalty = 2, Temperature = 1, Alternatives = 2 }, Logits.Length);
        var drawn = sampler.Draw(Logits, [1, 3], ref random);
        double[] penalized = [1, 1.5, 2, -2, 0.5];
        drawn.LogProbability.ShouldBe((float)(penalized[drawn.Token] - Math.Log(penalized.Sum(Math.Exp))), 1e-5f);
        var total = Math.Log(Logits.Sum(logit => Math.Exp(logit)));
        drawn.ModelLogProbability.ShouldBe((float)(Logits[drawn.Token] - total), 1e-5f);
        drawn.Alternatives.Select(each => each.Token).ShouldBe([1, 2]);
        drawn.Alternatives[1].LogProbability.ShouldBe((float)(2 - total), 1e-5f);
    }

    [Fact]
    public void TheSameSeedDrawsTheSameAndFiveSeedsFiveThings()
    {
        Draws(1).ShouldBe(Draws(1));
        Enumerable.Range(1, 5).Select(seed => string.Join(' ', Draws((ulong)seed))).Distinct().Count().ShouldBe(5);

        static int[] Draws(ulong seed)
        {
            var random = new RandomStream(seed, "test");
            var sampler = new Sampler(new SamplingOptions(), Logits.Length);
            return [.. Enumerable.Range(0, 20).Select(_ => sampler.Draw(Logits, [], ref random).Token)];
        }
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

    private static int[] Count(SamplingOptions options, int draws, float[]? given = null)
    {
        var logits = given ?? Logits;
        var counts = new int[logits.Length];
        var random = new RandomStream(1, "test");
        var sampler = new Sampler(options, logits.Length);
        for (var i = 0; i < draws; i++)
        {
            counts[sampler.Draw(logits, [], ref random).Token]++;
        }

        return counts;
    }
}
