using System.Runtime.InteropServices;
using Experiments.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Tests;

public class GptTests
{
    private static readonly GptOptions Tiny = new() { Layers = 2, Width = 16, Heads = 2, Context = 16 };

    public static TheoryData<GptOptions> Variants => new(
        Tiny,
        Tiny with { KeyValueHeads = 1 },
        Tiny with { FeedForward = FeedForwardKind.Gelu, TiedEmbeddings = false },
        Tiny with { FeedForward = FeedForwardKind.Relu2 });

    [Fact]
    public void TheFirstLossIsThatOfAUniformGuess()
    {
        using var model = new Gpt(new GptOptions()).Build(1000, seed: 3);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ids = randint(0, 1000, [4, 65], dtype: ScalarType.Int64);
        var loss = nn.functional.cross_entropy(model.Forward(ids.narrow(1, 0, 64)).reshape(-1, 1000), ids.narrow(1, 1, 64).reshape(-1)).item<float>();
        loss.ShouldBe((float)Math.Log(1000), 0.1f);
    }

    [Theory, MemberData(nameof(Variants))]
    public void GradientsAgreeWithFiniteDifferences(GptOptions options)
    {
        using var model = new Gpt(options).Build(11, seed: 5);
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
            ((above - below) / (2 * Step)).ShouldBe(analytic, 1e-7 + (1e-4 * Math.Abs(analytic)), name);
        }

        Tensor Loss() => nn.functional.cross_entropy(model.Forward(ids.narrow(1, 0, 4)).reshape(-1, 11), ids.narrow(1, 1, 4).reshape(-1));
    }

    [Theory, MemberData(nameof(Variants))]
    public void ADecodedSequenceHasTheLogitsOfAFullForward(GptOptions options)
    {
        using var model = new Gpt(options).Build(50, seed: 7);
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

        static void Compare(ReadOnlySpan<float> given, ReadOnlySpan<float> truth)
        {
            for (var i = 0; i < truth.Length; i++)
            {
                given[i].ShouldBe(truth[i], 1e-4f);
            }
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void ADocumentDoesNotSeeTheOneBeforeIt(GptOptions options)
    {
        using var model = new Gpt(options).Build(50, seed: 7);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ids = tensor(new long[] { 4, 8, 15, 16, 23, 42, 7, 9 }).unsqueeze(0);
        var together = model.Forward(ids, tensor(new long[] { 0, 0, 0, 1, 1, 1, 1, 2 }).unsqueeze(0));
        foreach (var (start, length) in new[] { (0, 3), (3, 4), (7, 1) })
        {
            (together.narrow(1, start, length) - model.Forward(ids.narrow(1, start, length))).abs().max().item<float>().ShouldBeLessThan(1e-5f);
        }
    }

    [Theory, MemberData(nameof(Variants))]
    public void TheSizeIsThatOfTheModelThatIsBuilt(GptOptions options)
    {
        using var model = new Gpt(options).Build(50, seed: 7);
        var size = new Gpt(options).Size(50);

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
        using var model = new Gpt(Tiny).Build(50, seed: 7);
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
            using var model = new Gpt(Tiny).Build(50, seed);
            return MemoryMarshal.Cast<byte, float>(model.parameters().First().bytes).ToArray();
        }
    }

    [Fact]
    public void TheDefaultsAreALlama()
    {
        using var model = new Gpt(new GptOptions { Layers = 1, TiedEmbeddings = false }).Build(100, seed: 1);
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
            ],
            ignoreOrder: true);
        var config = model.HuggingFaceConfig();
        config["architectures"]![0]!.GetValue<string>().ShouldBe("LlamaForCausalLM");
        config["intermediate_size"]!.GetValue<int>().ShouldBe(352);
        config["num_key_value_heads"]!.GetValue<int>().ShouldBe(4);
    }

    [Fact]
    public void HeadsThatDoNotShareTheWidthAreRefused() =>
        Should.Throw<System.ComponentModel.DataAnnotations.ValidationException>(() => new Gpt(new GptOptions { Width = 100, Heads = 3 }).Build(10, 1))
            .Message.ShouldContain("even share");
}
