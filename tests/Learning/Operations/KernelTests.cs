using Experiments.Contracts.Torch;
using Experiments.Learning.Operations;
using Experiments.Learning.Processors;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Operations;

/// <summary>
/// Compares values and gradients of every kernel with those of the formula, which is used for float64.
/// </summary>
public sealed class KernelTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public KernelTests()
    {
        TorchRuntime.Start(threads: 2, seed: 1);
        manual_seed(3);
    }

    public static TheoryData<ScalarType> Types => new(ScalarType.Float32, ScalarType.BFloat16);

    [Theory, MemberData(nameof(Types))]
    public void RmsNorm(ScalarType type)
    {
        Compare(type, [randn(3, 50, 48), randn(48)], x => Normalization.Rms(x[0], x[1], 1e-5));
        Compare(type, [randn(2, 48)], x => Normalization.Rms(x[0], null, 1e-5));
    }

    [Theory, MemberData(nameof(Types))]
    public void ActivationsOfAllKinds(ScalarType type)
    {
        foreach (var kind in Enum.GetValues<FeedForwardKind>())
        {
            Compare(type, [randn(70, 96).Times(3)], x => Activations.Apply(kind, x[0]));
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void HeadsAreCutTurnedAndMerged(ScalarType type)
    {
        var frequencies = new RotaryFrequencies(32, 10_000);
        var (together, apart) = (frequencies.At(arange(7)), frequencies.At(tensor(new long[] { 0, 1, 2, 3, 0, 1, 2, 0, 1, 0, 1, 2, 3, 4 })));
        foreach (var rotation in new[] { null, together, apart })
        {
            Compare(type, [randn(2, 7, 8 * 32)], x =>
            {
                var (queries, keys, values) = Heads.Split(x[0], 4, 2, rotation);
                return cat([Heads.Merge(queries), Heads.Merge(keys.square()), Heads.Merge(values)], 2);
            });
        }

        Compare(type, [randn(2, 3, 7, 32)], x => Heads.Turn(x[0], together));
    }

    [Theory]
    [InlineData(ScalarType.Float32, null)]
    [InlineData(ScalarType.BFloat16, null)]
    [InlineData(ScalarType.Float32, 2.0)]
    [InlineData(ScalarType.BFloat16, 2.0)]
    public void TheLossOfALinearHead(ScalarType type, double? softCap)
    {
        var targets = randint(0, 80, [2500], dtype: ScalarType.Int64);
        Tensor[] inputs = [randn(2500, 32), randn(80, 32)];
        Compare(type, inputs, x =>
        {
            using var model = new HeadOnly(x[1], softCap);
            return TokenLoss.Sum(model, x[0], targets).Times(1.0 / 2500);
        });

        using var whole = new HeadOnly(inputs[1], softCap);
        var each = TokenLoss.Each(whole, inputs[0], targets);
        var truth = nn.functional.cross_entropy(whole.Logits(inputs[0]), targets, reduction: nn.Reduction.None);
        (each - truth).abs().max().item<float>().ShouldBeLessThan(2e-5f);
    }

    [Fact]
    public void ATargetOutsideTheVocabularyHasNoLoss()
    {
        using var model = new HeadOnly(randn(16, 16), null);
        float.IsNaN(TokenLoss.Each(model, randn(1, 16), tensor(new long[] { 16 })).item<float>()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(48)]
    [InlineData(600)]
    [InlineData(1100)]
    [InlineData(1280)]
    public void AttentionGoesByBlocksAndByGroups(int time)
    {
        var documents = arange(time).div(tensor(21L), RoundingMode.floor).unsqueeze(0).repeat(2, 1);
        var (queries, keys, values) = (randn(2, 4, time, 8), randn(2, 2, time, 8), randn(2, 2, time, 8));
        foreach (var ids in new[] { null, documents })
        {
            var mixed = new CausalAttention(time, ids, 4, 2, queries).Attend(queries, keys, values);
            var hidden = ones([time, time], dtype: ScalarType.Bool).triu(1).unsqueeze(0);
            hidden = ids is null ? hidden : hidden.logical_or(ids.unsqueeze(2).ne(ids.unsqueeze(1)));
            var scores = queries.matmul(keys.repeat_interleave(2, 1).transpose(2, 3)).Times(1 / Math.Sqrt(8)).masked_fill(hidden.unsqueeze(1), float.NegativeInfinity);
            (mixed - scores.softmax(-1).matmul(values.repeat_interleave(2, 1))).abs().max().item<float>().ShouldBeLessThan(1e-5f);
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void AttentionOfBlocksGroupsAndDocumentsHasItsGradients(ScalarType type)
    {
        // 528 positions are blocks of 128 and one of 16. float64 uses masks.
        var documents = cat([zeros(2, 30, dtype: ScalarType.Int64), arange(498).div(tensor(77L), RoundingMode.floor).repeat(2, 1).add(tensor(1L), NumberArithmetic.One)], 1);
        foreach (var ids in new[] { null, documents })
        {
            Compare(type, [randn(2, 4, 528, 16), randn(2, 2, 528, 16), randn(2, 2, 528, 16)], x => new CausalAttention(528, ids, 4, 2, x[0]).Attend(x[0], x[1], x[2]));
        }
    }

    [Fact]
    public void ActivationCheckpointingGivesTheSameGradientsToTheBit()
    {
        var weight = randn(16, 16).requires_grad_(true);
        var x = randn(4, 16).requires_grad_(true);
        var plain = Gradients(state => Layer(Layer(state)));
        Gradients(state => ActivationCheckpointing.Run(Layer, ActivationCheckpointing.Run(Layer, state))).ShouldBe(plain);

        Tensor Layer(Tensor state) => state.mm(weight).tanh();

        float[] Gradients(Func<Tensor, Tensor> function)
        {
            (weight.grad, x.grad) = (null, null);
            function(x).sum().backward();
            return [.. weight.grad!.data<float>().ToArray(), .. x.grad!.data<float>().ToArray()];
        }
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>
    /// Checks that the value and the gradients in a type equal those in float64, except for rounding.
    /// </summary>
    private static void Compare(ScalarType type, Tensor[] inputs, Func<Tensor[], Tensor> function)
    {
        var tolerance = type == ScalarType.BFloat16 ? 0.02 : 2e-5;
        Tensor[] given = [.. inputs.Select(input => input.to(type))];
        var exact = Differentiated(given, ScalarType.Float64, function);
        foreach (var (value, truth) in Differentiated(given, type, function).Zip(exact))
        {
            var error = (value.to(ScalarType.Float64) - truth).norm().item<double>() / truth.norm().item<double>();
            error.ShouldBeLessThan(tolerance);
        }

        using var _ = no_grad();
        var direct = function(given).to(ScalarType.Float64);
        ((direct - exact[0]).norm().item<double>() / exact[0].norm().item<double>()).ShouldBeLessThan(tolerance, "without gradients");
    }

    private static Tensor[] Differentiated(Tensor[] inputs, ScalarType type, Func<Tensor[], Tensor> function)
    {
        Tensor[] leaves = [.. inputs.Select(input => input.to(type).detach().clone().requires_grad_(true))];
        var value = function(leaves);
        var weights = arange(value.numel(), dtype: ScalarType.Float64).view(value.shape).sin().to(value.dtype);
        (value * weights).sum().backward();
        return [value, .. leaves.Select(leaf => leaf.grad!)];
    }

    private sealed class HeadOnly(Tensor weight, double? softCap) : LanguageModel("head", (int)weight.shape[0], 16)
    {
        public override LinearHead Head => new(weight, softCap);

        public override Tensor States(Tensor ids, Tensor? documents = null) => throw new NotSupportedException();
    }
}
