using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Tests;

/// <summary>Small models of every family and option.</summary>
public static class ModelVariants
{
    public static GptOptions Tiny { get; } = new() { Layers = 2, Width = 16, Heads = 2, Context = 16 };

    public static GptOptions Llama { get; } = Tiny with { Heads = 4, KeyValueHeads = 2, TiedEmbeddings = false };

    public static GptOptions Gpt2 { get; } = Tiny with { Positions = PositionKind.Learned, Norm = NormKind.Layernorm, Bias = BiasKind.All, FeedForward = FeedForwardKind.GeluTanh };

    public static GptOptions Qwen2 { get; } = Llama with { Bias = BiasKind.Qkv, RopeBase = 1e6, NormEpsilon = 1e-6 };

    public static GptOptions Qwen3 { get; } = Llama with { QkNorm = true, HeadWidth = 6, TiedEmbeddings = true };

    public static GptOptions Nanochat { get; } = Tiny with { QkNorm = true, NormGain = false, FeedForward = FeedForwardKind.Relu2, SoftCap = 15, TiedEmbeddings = false };

    public static RopeScaling Llama3 { get; } = new() { Kind = RopeScalingKind.Llama3, Factor = 8, OriginalContext = 32 };

    public static TheoryData<string, GptOptions> All => new()
    {
        { "default", Tiny },
        { "llama", Llama },
        { "llama 3", Llama with { RopeScaling = Llama3, KeyValueHeads = 1 } },
        { "linear scaling", Tiny with { RopeScaling = new() { Factor = 4 } } },
        { "gpt-2", Gpt2 },
        { "gpt-2, exact gelu", Gpt2 with { FeedForward = FeedForwardKind.Gelu, TiedEmbeddings = false } },
        { "qwen2", Qwen2 },
        { "qwen3", Qwen3 },
        { "nanochat", Nanochat },
        { "no positions", Tiny with { Positions = PositionKind.None, Norm = NormKind.Layernorm, NormGain = false } },
        { "biases with swiglu", Tiny with { Bias = BiasKind.All, Norm = NormKind.Layernorm, QkNorm = true } },
        { "gelu", Tiny with { FeedForward = FeedForwardKind.Gelu, TiedEmbeddings = false } },
    };

    /// <summary>
    /// Changes biases and gains from their initial values, so that a test detects one in the wrong place.
    /// </summary>
    public static LanguageModel Shaken(GptOptions options, int vocabularySize)
    {
        var model = new GptArchitecture(options with { InitialDeviation = 0.3 }).Build(vocabularySize, seed: 11);
        using var _ = no_grad();
        manual_seed(3);
        foreach (var vector in model.parameters().Where(parameter => parameter.shape.Length == 1))
        {
            using var scope = NewDisposeScope();
            vector.add_(randn_like(vector).Times(0.3));
        }

        return model;
    }
}
