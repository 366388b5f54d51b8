using static TorchSharp.torch;

namespace Experiments.Plugins.Alignment.Tests;

public class PolicyLossTests
{
    private static readonly PolicyLoss Symmetric = new(ClipLow: 0.2, ClipHigh: 0.2, KlCoefficient: 0);

    [Theory]
    [InlineData(1, 1, -1.2)]
    [InlineData(-1, 1, -0.367879)]
    [InlineData(0.1, 1, -1.105171)]
    [InlineData(1, -1, 2.718282)]
    [InlineData(-1, -1, 0.8)]
    public void TheSurrogateIsClippedWhereItWouldGainFurther(double logRatio, double advantage, double expected) =>
        Loss(Symmetric, logRatio, advantage).ShouldBe(expected, 1e-5);

    [Fact]
    public void TheUpperBoundIsItsOwn()
    {
        Loss(Symmetric, Math.Log(1.25), 1).ShouldBe(-1.2, 1e-5);
        Loss(Symmetric with { ClipHigh = 0.28 }, Math.Log(1.25), 1).ShouldBe(-1.25, 1e-5);
    }

    [Fact]
    public void TheDivergenceIsTheThirdEstimator() =>
        PolicyLoss.Divergence(tensor(-1f), tensor(-1.5f)).item<float>().ShouldBe(0.106531f, 1e-5f);

    [Fact]
    public void TheDivergenceIsAddedByItsCoefficient()
    {
        using var scope = NewDisposeScope();
        var loss = (Symmetric with { KlCoefficient = 2 }).PerToken(tensor(-1f), tensor(-1f), tensor(1f), tensor(-1.5f));
        loss.item<float>().ShouldBe(-1 + (2 * 0.106531f), 1e-5f);
    }

    [Fact]
    public void TheDivergenceIsUnbiased()
    {
        double[] policy = [0.5, 0.3, 0.2], reference = [0.2, 0.3, 0.5];
        var exact = policy.Zip(reference, (p, q) => p * Math.Log(p / q)).Sum();
        var estimated = policy.Zip(reference, (p, q) => p * PolicyLoss.Divergence(tensor(Math.Log(p)), tensor(Math.Log(q))).item<double>()).Sum();
        estimated.ShouldBe(exact, 1e-12);
    }

    [Fact]
    public void TheGradientAtTheFirstUpdateIsThatOfThePolicyGradient()
    {
        var logProbabilities = tensor(new[] { -1f, -2f, -0.5f }).requires_grad_(true);
        var advantages = tensor(new[] { 1.5f, -0.5f, -1f });
        Symmetric.PerToken(logProbabilities, logProbabilities.detach(), advantages, null).sum().backward();
        (logProbabilities.grad! + advantages).abs().max().item<float>().ShouldBe(0, 1e-6f);
    }

    private static double Loss(PolicyLoss loss, double logRatio, double advantage)
    {
        using var scope = NewDisposeScope();
        return loss.PerToken(tensor((float)logRatio - 2), tensor(-2f), tensor((float)advantage), null).item<float>();
    }
}
