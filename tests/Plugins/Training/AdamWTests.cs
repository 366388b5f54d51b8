using Experiments.Contracts;

namespace Experiments.Plugins.Training.Tests;

public class AdamWTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(1000)]
    [InlineData((1 << 20) + 5)]
    public void ThePassAgreesWithThePlainFormula(int length)
    {
        var options = new AdamWOptions { LearningRate = 0.01, WeightDecay = 0.1 };
        var random = new RandomStream(1, "test");
        float[] weights = Fill(), decayed = [.. Enumerable.Range(0, length).Select(i => i % 3 == 0 ? 0f : 1f)];
        double[] expected = [.. weights.Select(weight => (double)weight)], m = new double[length], v = new double[length];
        float[][] state = [new float[length], new float[length]];
        for (var step = 0; step < 3; step++)
        {
            var gradients = Fill();
            new AdamW(options).Step(weights, gradients, decayed, state, 0.01, step);
            for (var i = 0; i < length; i++)
            {
                m[i] = (0.9 * m[i]) + (0.1 * gradients[i]);
                v[i] = (0.95 * v[i]) + (0.05 * gradients[i] * gradients[i]);
                var mean = m[i] / (1 - Math.Pow(0.9, step + 1));
                var square = v[i] / (1 - Math.Pow(0.95, step + 1));
                expected[i] -= 0.01 * ((mean / (Math.Sqrt(square) + 1e-8)) + (0.1 * decayed[i] * expected[i]));
            }
        }

        weights.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThan(2e-6);

        float[] Fill() => [.. Enumerable.Range(0, length).Select(_ => (float)random.NextGaussian())];
    }
}

public class ScheduleTests
{
    [Fact]
    public void CosineRisesToTheWholeRateAndFallsToItsRest()
    {
        var schedule = new CosineSchedule(new CosineOptions { Warmup = 0.1, Final = 0.2 });
        schedule.Factor(0, 100).ShouldBe(0.1, 1e-9);
        schedule.Factor(9, 100).ShouldBe(1, 1e-9);
        schedule.Factor(10, 100).ShouldBe(1, 1e-9);
        schedule.Factor(99, 100).ShouldBe(0.2, 1e-9);
        double[] factors = [.. Enumerable.Range(10, 90).Select(step => schedule.Factor(step, 100))];
        factors.ShouldBe(factors.OrderDescending());
    }

    [Fact]
    public void ConstantStays()
    {
        var schedule = new ConstantSchedule(new ConstantOptions { WarmupSteps = 4 });
        Enumerable.Range(0, 6).Select(step => schedule.Factor(step, 6)).ShouldBe([0.25, 0.5, 0.75, 1, 1, 1]);
    }
}
