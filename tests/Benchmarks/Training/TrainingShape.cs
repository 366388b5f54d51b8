using Experiments.Plugins.Models;

namespace Experiments.Benchmarks;

/// <summary>A model and a batch to time.</summary>
internal sealed record TrainingShape(
    string Name, int Layers, int Width, int Heads, int Context, int Vocabulary, int Batch)
{
    /// <summary>The reference model, with 13.8 million weights in matrix products.</summary>
    public static TrainingShape Reference { get; } = new(
        "6 x 384, batch 16 x 256, vocabulary 8192", 6, 384, 6, 256, 8192, 16);

    /// <summary>The smallest GPT-2, with few tokens per step.</summary>
    public static TrainingShape Gpt2 { get; } = new(
        "GPT-2 124M, batch 4 x 64, vocabulary 50304", 12, 768, 12, 64, 50_304, 4);

    public int Tokens => Batch * Context;

    /// <summary>
    /// The options that are closest to the baseline, which has learned positions, LayerNorm and GELU.
    /// </summary>
    public GptOptions Options { get; init; } = new();

    public GptOptions Sized => Options with { Layers = Layers, Width = Width, Heads = Heads, Context = Context };
}
