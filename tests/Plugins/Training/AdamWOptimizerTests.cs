namespace Experiments.Plugins.Training.Tests;

public class AdamWOptimizerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ThePassAgreesWithThePlainFormula(bool inPieces)
    {
        var options = new AdamWOptions { LearningRate = 0.01, WeightDecay = 0.1 };
        using var buffers = new OneLayerBuffers(states: 2) { IsOnProcessor = inPieces };
        double[] expected = [.. buffers.Weights.Select(weight => (double)weight)], m = new double[expected.Length], v = new double[expected.Length];
        for (var step = 0; step < 3; step++)
        {
            buffers.DrawGradients(step);
            new AdamWOptimizer(options).Step(buffers, 0.01, step);
            for (var i = 0; i < expected.Length; i++)
            {
                var gradient = buffers.Gradients[i];
                m[i] = (0.9 * m[i]) + (0.1 * gradient);
                v[i] = (0.95 * v[i]) + (0.05 * gradient * gradient);
                var mean = m[i] / (1 - Math.Pow(0.9, step + 1));
                var square = v[i] / (1 - Math.Pow(0.95, step + 1));
                expected[i] -= 0.01 * ((mean / (Math.Sqrt(square) + 1e-8)) + (buffers.IsMatrix(i) ? 0.1 * expected[i] : 0));
            }
        }

        buffers.Weights.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThan(2e-6);
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
    public void WsdRisesStaysAndFalls()
    {
        var schedule = new WsdSchedule(new WsdOptions { Warmup = 0.1, Decay = 0.2, Final = 0.1 });
        schedule.Factor(0, 100).ShouldBe(0.1, 1e-9);
        Enumerable.Range(9, 72).ShouldAllBe(step => schedule.Factor(step, 100) == 1);
        schedule.Factor(90, 100).ShouldBe(0.55, 1e-9);
        schedule.Factor(99, 100).ShouldBe(0.145, 1e-9);
    }

    [Fact]
    public void ConstantStays()
    {
        var schedule = new ConstantSchedule(new ConstantOptions { WarmupSteps = 4 });
        Enumerable.Range(0, 6).Select(step => schedule.Factor(step, 6)).ShouldBe([0.25, 0.5, 0.75, 1, 1, 1]);
    }
}
