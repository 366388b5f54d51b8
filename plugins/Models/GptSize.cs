using Experiments.Contracts.Sizing;
using Experiments.Learning;

namespace Experiments.Plugins.Models;

/// <summary>The size of <c>gpt</c>, by arithmetic.</summary>
internal static class GptSize
{
    public static ModelSize Of(GptOptions options, int vocabularySize)
    {
        var (layers, width, inner) = (options.Layers, options.Width, options.InnerWidth);
        var attended = options.Heads * options.HeadWidth;
        var joint = (options.Heads + (2 * options.SharedHeads)) * options.HeadWidth;
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
                new("attention", (long)layers * width * (joint + attended)),
                new("feed-forward", (long)layers * width * (up + inner)),
                new("norms", ((2L * layers) + 1) * width),
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
            HeadWidth = options.HeadWidth,
            KeptPerToken = Kept(layers, width, joint, attended, up, inner),
        };
    }

    /// <summary>A layer keeps two residuals and two normal states, queries, keys and values before and after their rotation, what was attended, and what the activation reads and gives.</summary>
    private static double Kept(int layers, int width, int joint, int attended, int up, int inner) =>
        ((double)layers * ((4 * width) + (2 * joint) + (2 * attended) + (2 * up) + inner)) + (2 * width);
}
