using Experiments.Contracts.Torch;
using Experiments.Plugins.Models;
using static TorchSharp.torch;

namespace Experiments.Learning.Tests;

public sealed class FlatParametersTests : IDisposable
{
    private readonly LanguageModel _model = new Gpt(TinyModels.Options).Build(20, seed: 3);

    [Fact]
    public void TheModelComputesTheSameFromTheFlatBuffers()
    {
        using var _ = no_grad();
        var ids = arange(10, dtype: ScalarType.Int64).unsqueeze(0);
        var before = _model.Forward(ids);
        using var flat = new FlatParameters(_model);
        (_model.Forward(ids) - before).abs().max().item<float>().ShouldBe(0);
        flat.Weights.Clear();
        _model.Forward(ids).abs().max().item<float>().ShouldBe(0, "the parameters are views");
    }

    [Fact]
    public void BackwardAddsIntoTheFlatGradient()
    {
        using var flat = new FlatParameters(_model);
        Loss().backward();
        var once = flat.GradientNorm();
        var torchNorm = Math.Sqrt(_model.parameters().Sum(parameter => (double)parameter.grad!.square().sum().item<float>()));
        once.ShouldBe(torchNorm, 1e-5 * torchNorm);
        Loss().backward();
        flat.GradientNorm().ShouldBe(2 * once, 1e-5 * once);
        flat.ZeroGradients();
        flat.GradientNorm().ShouldBe(0);
    }

    [Fact]
    public void OnlyMatricesDecay()
    {
        using var flat = new FlatParameters(_model);
        var matrices = _model.parameters().Where(parameter => parameter.dim() > 1).Sum(parameter => parameter.numel());
        flat.Decayed.ToArray().Sum().ShouldBe(matrices);
        (flat.Length % 16).ShouldBe(0);
    }

    public void Dispose() => _model.Dispose();

    private Tensor Loss() => _model.Forward(arange(10, dtype: ScalarType.Int64).unsqueeze(0)).square().sum();
}

public class EpochOrderTests
{
    [Fact]
    public void EachEpochIsAPermutationOfItsOwn()
    {
        var order = new EpochOrder(seed: 1, count: 100);
        int[] first = [.. Enumerable.Range(0, 100).Select(i => order[i])];
        int[] second = [.. Enumerable.Range(100, 100).Select(i => order[i])];
        first.Order().ShouldBe(Enumerable.Range(0, 100));
        second.Order().ShouldBe(Enumerable.Range(0, 100));
        second.ShouldNotBe(first);
        new EpochOrder(seed: 1, count: 100)[150].ShouldBe(second[50]);
    }
}

public class LearnedTokensTests
{
    [Fact]
    public void OnlyStatesThatPredictLearnedTokensGetAGradient()
    {
        var batch = new LearnedTokens([new([5, 6, 7, 8], [false, false, true, true]), new([5, 9], [false, true])]);
        batch.Inputs.data<long>().ToArray().ShouldBe([5, 6, 7, 5, 0, 0]);
        batch.Targets.data<long>().ToArray().ShouldBe([7, 8, 9]);
        using var model = new StatesModel();
        batch.Loss(model).backward();
        var gradient = model.Grown!.grad!.square().sum(-1).view(-1).data<float>().ToArray();
        gradient.Select(value => value > 0).ShouldBe([false, true, true, true, false, false]);
        gradient[0].ShouldBe(0, "exactly zero at what the user said");
    }

    [Fact]
    public void PaddingDoesNotChangeTheLoss()
    {
        using var model = new Gpt(TinyModels.Options).Build(20, seed: 3);
        using var _ = no_grad();
        PartlyLearned small = new([1, 2, 3], [false, true, true]);
        PartlyLearned large = new([4, 5, 6, 7, 8, 9], [false, false, false, true, true, true]);
        var together = new LearnedTokens([small, large]).Loss(model).item<float>();
        var apart = new LearnedTokens([small]).Loss(model).item<float>() + new LearnedTokens([large]).Loss(model).item<float>();
        together.ShouldBe(apart, 1e-4f);
    }

    /// <summary>States are a leaf, so that their gradient can be read.</summary>
    private sealed class StatesModel() : LanguageModel("states", 20, 8)
    {
        private readonly Tensor _head = randn(20, 4);

        public Tensor? Grown { get; private set; }

        public override Tensor States(Tensor ids, Tensor? documents = null) =>
            Grown = randn(ids.shape[0], ids.shape[1], 4).requires_grad_(true);

        public override Tensor Logits(Tensor states) => nn.functional.linear(states, _head);

        public override System.Text.Json.Nodes.JsonObject HuggingFaceConfig() => [];
    }
}

public class TorchRuntimeTests
{
    [Fact]
    public void ProductsStayTrueFloat32()
    {
        TorchRuntime.Start(threads: 2, seed: 1);
        TorchRuntime.ProductError().ShouldBeLessThan(1e-5);
    }
}
