using static TorchSharp.torch;

namespace Experiments.Plugins.Training.Tests;

public class MuonOptimizerTests
{
    [Theory]
    [InlineData(32, 32)]
    [InlineData(16, 64)]
    [InlineData(64, 16)]
    public void SingularValuesComeNearOneAndDirectionsStay(int rows, int columns)
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        var matrix = randn(rows, columns);
        var result = MuonOptimizer.Orthogonalized(matrix, ScalarType.Float32);
        var values = linalg.svdvals(result).data<float>().ToArray();
        values.ShouldAllBe(value => value > 0.3 && value < 1.3);
        ((double)values.Average()).ShouldBe(0.95, 0.2);
        var (u, _, v) = linalg.svd(matrix, fullMatrices: false);
        var inItsDirections = u.t().mm(result).mm(v.t());
        (inItsDirections - inItsDirections.diag().diag()).abs().max().item<float>().ShouldBeLessThan(1e-4f);
    }

    [Fact]
    public void OnlyHiddenMatricesAreOrthogonalized()
    {
        using var both = new OneLayerBuffers(states: 2);
        using var adam = new OneLayerBuffers(states: 2);
        var options = new MuonOptions { LearningRate = 0.02, AdamLearningRate = 0.003, WeightDecay = 0.1 };
        both.DrawGradients(0);
        adam.DrawGradients(0);
        var before = both.Weights;
        new MuonOptimizer(options).Step(both, 0.01, 0);
        new AdamWOptimizer(new AdamWOptions { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-10, WeightDecay = 0.1 }).Step(adam, 0.0015, 0);
        both.Weights[..480].ShouldBe(adam.Weights[..480], "half of the schedule for both");
        both.Weights[1440..].ShouldBe(adam.Weights[1440..]);

        // A step of 0.01 in every direction of a 24 x 40 matrix, in addition to the decay.
        using var scope = NewDisposeScope();
        var moved = tensor(both.Weights[480..1440].Zip(before[480..1440], (after, start) => after - (start * (1 - 0.001f))).ToArray()).view(24, 40);
        linalg.svdvals(moved).data<float>().ToArray().ShouldAllBe(value => value > 0.003 && value < 0.013);
    }
}
