using System.Runtime.InteropServices;
using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Tests;

public class GptArchitectureTests
{
    private static readonly GptOptions Tiny = ModelVariants.Tiny;

    public static TheoryData<string, GptOptions> Variants => ModelVariants.All;

    [Theory, MemberData(nameof(Variants))]
    public void TheFirstLossIsThatOfAUniformGuess(string variant, GptOptions options)
    {
        using var model = new GptArchitecture(options with { Width = 128, Heads = 4, KeyValueHeads = options.KeyValueHeads, HeadWidth = options.HeadWidth is null ? null : 24, Context = 64 }).Build(1000, seed: 3);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ids = randint(0, 1000, [16, 65], dtype: ScalarType.Int64);
        var loss = nn.functional.cross_entropy(model.Forward(ids.narrow(1, 0, 64)).reshape(-1, 1000), ids.narrow(1, 1, 64).reshape(-1)).item<float>();
        loss.ShouldBe((float)Math.Log(1000), 0.05f, variant);
    }

    [Theory, MemberData(nameof(Variants))]
    public void OneBatchIsLearnedByHeart(string variant, GptOptions options)
    {
        using var model = new GptArchitecture(options with { Width = 32, HeadWidth = options.HeadWidth is null ? null : 12 }).Build(20, seed: 3);
        using var outer = NewDisposeScope();
        manual_seed(4);
        var ids = randint(0, 20, [4, 13], dtype: ScalarType.Int64);
        var optimizer = optim.Adam(model.parameters(), lr: 0.01);
        var last = double.MaxValue;
        for (var step = 0; step < 150 && last > 0.05; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.Forward(ids.narrow(1, 0, 12)).reshape(-1, 20), ids.narrow(1, 1, 12).reshape(-1));
            loss.backward();
            optimizer.step();
            last = loss.item<float>();
        }

        last.ShouldBeLessThan(0.05, variant);
    }

    [Theory, MemberData(nameof(Variants))]
    public void GradientsAgreeWithFiniteDifferences(string variant, GptOptions options)
    {
        using var model = ModelVariants.Shaken(options, 11);
        model.to(ScalarType.Float64);
        using var scope = NewDisposeScope();
        var ids = tensor(new long[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }).view(2, 5);
        Loss().backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var _ = no_grad();
            using var inner = NewDisposeScope();
            var direction = randn_like(parameter);
            var analytic = (parameter.grad! * direction).sum().item<double>();
            const double Step = 1e-5;
            parameter.add_(direction * Step);
            var above = Loss().item<double>();
            parameter.sub_(direction * (2 * Step));
            var below = Loss().item<double>();
            parameter.add_(direction * Step);
            ((above - below) / (2 * Step)).ShouldBe(analytic, 1e-7 + (1e-4 * Math.Abs(analytic)), $"{variant}: {name}");
        }

        Tensor Loss() => nn.functional.cross_entropy(model.Forward(ids.narrow(1, 0, 4)).reshape(-1, 11), ids.narrow(1, 1, 4).reshape(-1));
    }

    [Theory, MemberData(nameof(Variants))]
    public void ADecodedSequenceHasTheLogitsOfAFullForward(string variant, GptOptions options)
    {
        using var model = new GptArchitecture(options).Build(50, seed: 7);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        int[] row = [4, 8, 15, 16, 23, 42, 7, 9, 11, 3];
        var full = MemoryMarshal.Cast<byte, float>(model.Forward(tensor(row.Select(id => (long)id).ToArray()).unsqueeze(0)).contiguous().bytes); // [1, 10, 50]

        using var session = model.StartDecoding();
        var (first, beside) = (session.Begin(), session.Begin());
        Compare(session.Read([new(beside, new[] { 1, 2 }), new(first, row[..6])])[50..], full[(5 * 50)..(6 * 50)]);
        var fork = session.Fork(first);
        session.End(first);
        for (var t = 6; t < row.Length; t++)
        {
            Compare(session.Read([new(fork, row[t..(t + 1)]), new(beside, new[] { t })])[..50], full[(t * 50)..((t + 1) * 50)]);
        }

        void Compare(ReadOnlySpan<float> given, ReadOnlySpan<float> truth)
        {
            for (var i = 0; i < truth.Length; i++)
            {
                given[i].ShouldBe(truth[i], 1e-4f, variant);
            }
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void ADocumentDoesNotSeeTheOneBeforeIt(string variant, GptOptions options)
    {
        using var model = new GptArchitecture(options).Build(50, seed: 7);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ids = tensor(new long[] { 4, 8, 15, 16, 23, 42, 7, 9 }).unsqueeze(0);
        var together = model.Forward(ids, tensor(new long[] { 0, 0, 0, 1, 1, 1, 1, 2 }).unsqueeze(0));
        foreach (var (start, length) in new[] { (0, 3), (3, 4), (7, 1) })
        {
            (together.narrow(1, start, length) - model.Forward(ids.narrow(1, start, length))).abs().max().item<float>().ShouldBeLessThan(1e-5f, variant);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheKernelsGiveTheGradientsOfTheFormulas(bool recomputes)
    {
        // Heads of width 32 are wide enough for the kernels. float64 uses the formulas.
        var options = new GptOptions { Layers = 2, Width = 64, Heads = 2, KeyValueHeads = 1, Context = 32 };
        var (kernels, formulas) = (Gradients(ScalarType.Float32), Gradients(ScalarType.Float64));
        kernels.Zip(formulas).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-5);
        kernels.Max(Math.Abs).ShouldBeGreaterThan(1e-2);

        double[] Gradients(ScalarType type)
        {
            using var model = new GptArchitecture(options).Build(48, seed: 7);
            model.to(type);
            model.UsesActivationCheckpointing = recomputes;
            using var scope = NewDisposeScope();
            var ids = arange(20).view(2, 10);
            var loss = TokenLoss.Sum(model, model.States(ids, tensor(new long[] { 0, 0, 0, 0, 1, 1, 1, 1, 1, 2 }).repeat(2, 1)).flatten(0, 1), arange(20).flip(0)).Times(1.0 / 20);
            loss.backward();
            return [.. model.parameters().SelectMany(parameter => parameter.grad!.to(ScalarType.Float64).contiguous().data<double>().ToArray())];
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void TheSizeIsThatOfTheModelThatIsBuilt(string variant, GptOptions options)
    {
        using var model = new GptArchitecture(options).Build(50, seed: 7);
        var size = new GptArchitecture(options).Size(50);

        size.Parameters.ShouldBe(model.parameters().Sum(parameter => parameter.numel()));
        size.OperationsPerToken(12).ShouldBe(model.OperationsPerToken(12));
        size.Groups.ShouldAllBe(group => group.Count > 0);
    }

    [Fact]
    public void ADepthDecidesLayersWidthAndHeadsAndEachCanBeGivenBesideIt()
    {
        Shape(new() { Depth = 12 }).ShouldBe((12, 768, 12));
        Shape(new() { Depth = 12, Width = 256 }).ShouldBe((12, 256, 12));
        Shape(new() { Depth = 6, Layers = 3, Heads = 2 }).ShouldBe((3, 384, 2));
        Shape(new()).ShouldBe((4, 128, 4));

        static (int, int, int) Shape(GptOptions options) => (options.Layers, options.Width, options.Heads);
    }

    [Fact]
    public void LaterTokensDoNotChangeEarlierLogits()
    {
        using var model = new GptArchitecture(Tiny).Build(50, seed: 7);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ids = randint(0, 50, [1, 10], dtype: ScalarType.Int64);
        var other = cat([ids.narrow(1, 0, 6), randint(0, 50, [1, 4], dtype: ScalarType.Int64)], 1);
        (model.Forward(ids) - model.Forward(other)).narrow(1, 0, 6).abs().max().item<float>().ShouldBe(0, 1e-6f);
    }

    [Fact]
    public void TheSameSeedGivesTheSameWeightsAndAnotherOthers()
    {
        First(seed: 1).ShouldBe(First(seed: 1));
        First(seed: 2).ShouldNotBe(First(seed: 1));

        static float[] First(ulong seed)
        {
            using var model = new GptArchitecture(Tiny).Build(50, seed);
            return MemoryMarshal.Cast<byte, float>(model.parameters().First().bytes).ToArray();
        }
    }

    [Fact]
    public void TheDefaultsAreALlama()
    {
        using var model = new GptArchitecture(new GptOptions { Layers = 1, TiedEmbeddings = false }).Build(100, seed: 1);
        model.NamedWeights().Select(pair => pair.Name).ShouldBe(
            [
                "model.embed_tokens.weight",
                "model.layers.0.input_layernorm.weight",
                "model.layers.0.self_attn.q_proj.weight",
                "model.layers.0.self_attn.k_proj.weight",
                "model.layers.0.self_attn.v_proj.weight",
                "model.layers.0.self_attn.o_proj.weight",
                "model.layers.0.post_attention_layernorm.weight",
                "model.layers.0.mlp.gate_proj.weight",
                "model.layers.0.mlp.up_proj.weight",
                "model.layers.0.mlp.down_proj.weight",
                "model.norm.weight",
                "lm_head.weight",
            ]); // weights are drawn in this order, so a change of it would change the models of all old recipes
        var config = model.HuggingFaceConfig();
        config["architectures"]![0]!.GetValue<string>().ShouldBe("LlamaForCausalLM");
        config["intermediate_size"]!.GetValue<int>().ShouldBe(352);
        config["num_key_value_heads"]!.GetValue<int>().ShouldBe(4);
    }

    [Fact]
    public void LogitsFlattenTowardsTheirCap()
    {
        using var plain = ModelVariants.Shaken(ModelVariants.Nanochat with { SoftCap = null }, 50);
        using var capped = ModelVariants.Shaken(ModelVariants.Nanochat with { SoftCap = 0.5 }, 50);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ids = tensor(new long[] { 4, 8, 15, 16 }).unsqueeze(0);
        var (logits, flat) = (plain.Forward(ids), capped.Forward(ids));
        logits.abs().max().item<float>().ShouldBeGreaterThan(1);
        (flat - logits.div(0.5).tanh().mul(0.5)).abs().max().item<float>().ShouldBeLessThan(1e-6f);
    }

    [Fact]
    public void OperationsAreCountedForWeightsThatMultiplyAndForAttention()
    {
        // Joint and output projections, the feed-forward network and the head, then 12 for each position, layer and
        // number of the heads' width.
        Operations(ModelVariants.Gpt2).ShouldBe((6.0 * ((2 * ((16 * 48) + (16 * 16) + (2 * 16 * 64))) + (50 * 16))) + (12.0 * 2 * 16 * 10));
        Operations(ModelVariants.Qwen3).ShouldBe((6.0 * ((2 * ((16 * 48) + (24 * 16) + (3 * 16 * 64))) + (50 * 16))) + (12.0 * 2 * 24 * 10));
        Operations(ModelVariants.Llama).ShouldBe((6.0 * ((2 * ((16 * 32) + (16 * 16) + (3 * 16 * 64))) + (50 * 16))) + (12.0 * 2 * 16 * 10));

        static double Operations(GptOptions options)
        {
            using var model = new GptArchitecture(options).Build(50, seed: 1);
            return model.OperationsPerToken(10);
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void AsDataAModelIsItsOwnWeightsInEveryType(string variant, GptOptions options)
    {
        using var model = new GptArchitecture(options).Build(50, seed: 1);
        model.to(ScalarType.BFloat16);
        var weights = ((ITransformer)model).Weights();
        Tensor?[] tensors =
        [
            weights.Embedding, weights.Positions, weights.Norm.Gain, weights.Norm.Bias, weights.Head.Weight,
            .. weights.Layers.SelectMany(layer => new[]
            {
                layer.AttentionNorm.Gain, layer.AttentionNorm.Bias, layer.Joint.Weight, layer.Joint.Bias, layer.QueryNorm?.Gain, layer.KeyNorm?.Gain,
                layer.Output.Weight, layer.Output.Bias, layer.FeedForwardNorm.Gain, layer.FeedForwardNorm.Bias, layer.Up.Weight, layer.Up.Bias, layer.Down.Weight, layer.Down.Bias,
            }),
        ];
        var own = model.parameters().Select(parameter => parameter.Handle).ToHashSet();
        tensors.OfType<Tensor>().Select(tensor => tensor.Handle).ToHashSet().SetEquals(own).ShouldBeTrue(variant);
        tensors.OfType<Tensor>().ShouldAllBe(tensor => tensor.dtype == ScalarType.BFloat16, variant);
    }

    [Theory]
    [InlineData("rope_scaling", "Only rotary positions can be scaled")]
    [InlineData("head_width", "need heads of even width")]
    [InlineData("factors", "must be greater than")]
    [InlineData("share", "cannot share")]
    public void OptionsThatContradictEachOtherAreRefused(string which, string refusal)
    {
        var options = which switch
        {
            "rope_scaling" => Tiny with { Positions = PositionKind.Learned, RopeScaling = new() },
            "head_width" => Tiny with { HeadWidth = 7 },
            "factors" => Tiny with { RopeScaling = new() { Kind = RopeScalingKind.Llama3, LowFrequencyFactor = 4 } },
            _ => Tiny with { KeyValueHeads = 3 },
        };
        Should.Throw<System.ComponentModel.DataAnnotations.ValidationException>(() => new GptArchitecture(options).Build(10, 1)).Message.ShouldContain(refusal);
    }

    [Fact]
    public void HeadsThatDoNotShareTheWidthAreRefused() =>
        Should.Throw<System.ComponentModel.DataAnnotations.ValidationException>(() => new GptArchitecture(new GptOptions { Width = 100, Heads = 3 }).Build(10, 1))
            .Message.ShouldContain("divided evenly among 3 heads");
}
