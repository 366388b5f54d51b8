using Experiments.Contracts.Torch;
using Experiments.Learning.Processors;
using Experiments.Learning.Tests.Shared;
using Experiments.Learning.Training;
using Experiments.Plugins.Models;

using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Training;

public sealed class FlatParametersTests : IDisposable
{
    private readonly LanguageModel _model = new GptArchitecture(TinyModels.Options).Build(20, seed: 3);

    [Fact]
    public void TheModelComputesTheSameFromTheFlatBuffers()
    {
        using var _ = no_grad();
        var ids = arange(10, dtype: ScalarType.Int64).unsqueeze(0);
        var before = _model.Forward(ids);
        using var flat = new FlatParameters(_model, Compute.Float32, stateBuffers: 0);
        (_model.Forward(ids) - before).abs().max().item<float>().ShouldBe(0);
        flat.Weights.zero_();
        _model.Forward(ids).abs().max().item<float>().ShouldBe(0, "the parameters are views");
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.BFloat16, 1e-2)]
    public void BackwardAddsIntoTheFlatGradient(ScalarType type, double tolerance)
    {
        using var flat = new FlatParameters(_model, new Compute(CPU, type), stateBuffers: 0);
        Loss().backward();
        var once = flat.GradientNorm();
        var torchNorm = Math.Sqrt(_model.parameters().Sum(parameter => (double)parameter.grad!.to(ScalarType.Float32).square().sum().item<float>()));
        once.ShouldBe(torchNorm, tolerance * torchNorm);
        flat.Accumulate();
        Loss().backward();
        flat.Accumulate();
        flat.GradientNorm().ShouldBe(2 * once, tolerance * once);
        flat.ZeroGradients();
        flat.GradientNorm().ShouldBe(0);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void AStepInOnePartAfterOneInSeveralHasItsOwnGradients(ScalarType type)
    {
        using var flat = new FlatParameters(_model, new Compute(CPU, type), stateBuffers: 0);
        Loss().backward();
        var once = flat.GradientNorm();
        flat.ZeroGradients();
        for (var part = 0; part < 2; part++)
        {
            Loss().backward();
            flat.Accumulate();
        }

        flat.ZeroGradients();
        Loss().backward();
        flat.GradientNorm().ShouldBe(once);
        var changed = 0;
        flat.UpdatePieces(_ => true, piece => Interlocked.Add(ref changed, piece.Gradients.IndexOfAnyExcept(0f) >= 0 ? 1 : 0));
        changed.ShouldBeGreaterThan(0, "the update sees them too");
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void PiecesAndTensorsUpdateTheSameWeights(ScalarType type)
    {
        var before = Values();
        using var flat = new FlatParameters(_model, new Compute(CPU, type), stateBuffers: 1);
        Loss().backward();
        flat.ScaleGradients(0.5);
        flat.UpdatePieces(block => block.IsMatrix, piece =>
        {
            for (var i = 0; i < piece.Weights.Length; i++)
            {
                piece.FirstState[i] += piece.Gradients[i];
                piece.Weights[i] += piece.Gradients[i];
            }
        });
        foreach (var block in flat.Blocks)
        {
            flat.UpdateTensors(block, tensors => tensors.Weights.sub_(tensors.Gradients * tensors.Decayed));
        }

        flat.UpdateAll(tensors => tensors.Weights.add_(tensors.State[0], NumberArithmetic.One).sub_(tensors.Gradients * tensors.Decayed));
        flat.State[0].abs().sum().item<float>().ShouldBeGreaterThan(0);
        flat.Release();
        Values().Zip(before).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-5);
        flat.Blocks.Sum(block => block.Length).ShouldBe(before.Length);
    }

    [Fact]
    public void TheModelComputesInBfloat16OnAFloat32Master()
    {
        using var flat = new FlatParameters(_model, new Compute(CPU, ScalarType.BFloat16), stateBuffers: 0);
        _model.parameters().ShouldAllBe(parameter => parameter.dtype == ScalarType.BFloat16);
        flat.UpdatePieces(_ => true, piece => piece.Weights.Fill(1 + (1f / 1024)));
        _model.parameters().ShouldAllBe(parameter => parameter.to(ScalarType.Float32).sub(1).abs().max().item<float>() == 0);
        flat.Release();
        Values().ShouldAllBe(value => value == 1 + (1f / 1024));
    }

    [Fact]
    public void EmbeddingsAndTheHeadAreKnown() =>
        new FlatParameters(_model, Compute.Float32, stateBuffers: 0).Blocks.Where(block => block.IsEmbedding).Select(block => block.Name).ShouldBe(["model.embed_tokens.weight"]);

    public void Dispose() => _model.Dispose();

    private float[] Values() => [.. _model.parameters().SelectMany(parameter => parameter.to(ScalarType.Float32).contiguous().data<float>().ToArray())];

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
        var batch = new LearnedTokens([new([5, 6, 7, 8], [false, false, true, true]), new([5, 9], [false, true])], CPU);
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
        using var model = new GptArchitecture(TinyModels.Options).Build(20, seed: 3);
        using var _ = no_grad();
        PartlyLearned small = new([1, 2, 3], [false, true, true]);
        PartlyLearned large = new([4, 5, 6, 7, 8, 9], [false, false, false, true, true, true]);
        var together = new LearnedTokens([small, large], CPU).Loss(model).item<float>();
        var apart = new LearnedTokens([small], CPU).Loss(model).item<float>() + new LearnedTokens([large], CPU).Loss(model).item<float>();
        together.ShouldBe(apart, 1e-4f);
    }

    /// <summary>A model whose states are a leaf tensor, so that their gradient can be read.</summary>
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

public class LossWatchTests
{
    [Fact]
    public void ASpikeIsToldAndARowOfThemEndsTheTraining()
    {
        var watch = new LossWatch();
        for (var step = 0; step < 200; step++)
        {
            watch.See(step, 5 - (step * 0.01) + (0.05 * Math.Sin(step))).ShouldBeFalse();
        }

        watch.See(200, 9).ShouldBeTrue();
        watch.IsSuspicious.ShouldBeTrue();
        watch.See(201, 3).ShouldBeFalse();
        watch.IsSuspicious.ShouldBeFalse();
        var resumed = new LossWatch();
        resumed.Load(watch.Save());
        for (var step = 202; step < 226; step++)
        {
            resumed.See(step, 9).ShouldBeTrue();
        }

        Should.Throw<InvalidDataException>(() => resumed.See(226, 9)).Message.ShouldContain("since step 202; before it was 3.");
    }

    [Fact]
    public void ASteepBeginningIsNoSpike()
    {
        var watch = new LossWatch();
        Enumerable.Range(0, 400).ShouldAllBe(step => !watch.See(step, 2 + (9 * Math.Exp(-step / 20.0))));
    }
}
