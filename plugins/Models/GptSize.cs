using Experiments.Contracts.Sizing;
using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;

namespace Experiments.Plugins.Models;

/// <summary>Computes the size of <c>gpt</c> from its options.</summary>
internal static class GptSize
{
    public static ModelSize Of(GptOptions options, int vocabularySize)
    {
        var (layers, width, inner) = (options.Layers, options.Width, options.InnerWidth);
        var attended = options.Heads * options.WidthOfHead;
        var joint = (options.Heads + (2 * options.SharedHeads)) * options.WidthOfHead;
        var up = options.FeedForward == FeedForwardKind.Swiglu ? 2 * inner : inner;
        var table = (long)vocabularySize * width;
        return new()
        {
            VocabularySize = vocabularySize,
            Context = options.Context,
            Layers = layers,
            Width = width,
            Groups =
            [
                new("embedding", table),
                .. options.Positions == PositionKind.Learned ? new[] { new ParameterGroup("positions", (long)options.Context * width) } : [],
                new("attention", layers * (((long)width * (joint + attended)) + Biases(options, joint, width))),
                new("feed-forward", layers * (((long)width * (up + inner)) + (options.Bias == BiasKind.All ? up + width : 0))),
                .. Norms(options) is > 0 and var norms ? new[] { new ParameterGroup("norms", norms) } : [],
                .. options.TiedEmbeddings ? [] : new[] { new ParameterGroup("head", table) },
            ],
            Products =
            [
                new(width, joint, layers),
                new(attended, width, layers),
                new(width, up, layers),
                new(inner, width, layers),
                new(width, vocabularySize, 1),
            ],
            AttentionHeads = layers * options.Heads,
            HeadWidth = options.WidthOfHead,
            KeptPerToken = Kept(layers, width, joint, attended, up, inner),
        };
    }

    private static int Biases(GptOptions options, int joint, int width) => options.Bias switch
    {
        BiasKind.None => 0,
        BiasKind.Qkv => joint,
        _ => joint + width,
    };

    /// <summary>
    /// The learned numbers of all norms: two norms per layer and one before the head. Norms of queries and keys have
    /// gains of the width of a head.
    /// </summary>
    private static long Norms(GptOptions options)
    {
        var learned = !options.NormGain ? 0 : options.Norm == NormKind.Layernorm ? 2 : 1;
        var ofHeads = options is { QkNorm: true, NormGain: true } ? 2L * options.Layers * options.WidthOfHead : 0;
        return (((2L * options.Layers) + 1) * options.Width * learned) + ofHeads;
    }

    /// <summary>
    /// The numbers that the layers keep for the backward pass, per token. Each layer keeps two residuals and two
    /// normalized states, queries, keys and values before and after their rotation, the output of attention, and the
    /// input and output of the activation.
    /// </summary>
    private static double Kept(int layers, int width, int joint, int attended, int up, int inner) =>
        ((double)layers * ((4 * width) + (2 * joint) + (2 * attended) + (2 * up) + inner)) + (2 * width);
}
