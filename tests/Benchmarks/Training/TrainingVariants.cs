using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using Experiments.Plugins.Models;

namespace Experiments.Benchmarks;

/// <summary>The architectures whose speed per FLOP is compared. The first is the plain GPT.</summary>
internal static class TrainingVariants
{
    public static IReadOnlyList<(string Name, Func<GptOptions, GptOptions> Change)> All { get; } =
    [
        ("gelu", options => options with { FeedForward = FeedForwardKind.Gelu }),
        ("swiglu", options => options),
        ("relu2", options => options with { FeedForward = FeedForwardKind.Relu2 }),
        ("gelu_tanh", options => options with { FeedForward = FeedForwardKind.GeluTanh }),
        ("2 heads of keys and values", options => options with { KeyValueHeads = 2 }),
        ("untied", options => options with { TiedEmbeddings = false }),
        ("GPT-2", options => options with { Positions = PositionKind.Learned, Norm = NormKind.Layernorm, Bias = BiasKind.All, FeedForward = FeedForwardKind.GeluTanh }),
        ("qk_norm", options => options with { QkNorm = true }),
        ("soft_cap", options => options with { SoftCap = 15 }),
        ("no positions", options => options with { Positions = PositionKind.None }),
    ];
}
