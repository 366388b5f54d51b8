using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Learning.Training;

/// <summary>The places of a model's parameters in one long buffer: consecutive, each padded to 64 bytes.</summary>
internal sealed class FlatLayout
{
    /// <summary>
    /// Largest number of numbers in a piece: its weights, gradients and state together fit the processor's second-level
    /// cache.
    /// </summary>
    public const int LongestPiece = 1 << 14;

    private const int Padding = 16;

    public FlatLayout(LanguageModel model)
    {
        List<ParameterBlock> blocks = [];
        foreach (var (name, parameter) in model.named_parameters())
        {
            blocks.Add(new(name, parameter.shape, Length, parameter.numel(), IsEmbedding(name, parameter.shape, model.VocabularySize)));
            Length += (parameter.numel() + Padding - 1) / Padding * Padding;
        }

        Blocks = blocks;
        Pieces = [.. blocks.SelectMany(Cut)];
    }

    /// <summary>The parameters in the model's order.</summary>
    public IReadOnlyList<ParameterBlock> Blocks { get; }

    /// <summary>The parameters, split into pieces.</summary>
    public FlatPiece[] Pieces { get; }

    /// <summary>Length of the whole buffer. Unit: numbers.</summary>
    public long Length { get; }

    /// <summary>A parameter as a view of a buffer, in its shape.</summary>
    public static Tensor View(Tensor flat, ParameterBlock block) =>
        flat.narrow(0, block.Start, block.Length).view([.. block.Shape]);

    /// <summary>
    /// Recognizes token embeddings by shape, and position embeddings by name, because the number of positions may equal
    /// a width.
    /// </summary>
    private static bool IsEmbedding(string name, long[] shape, int vocabularySize) =>
        shape.Length == 2 && (shape.Contains(vocabularySize)
            || name.Contains("embed", StringComparison.Ordinal)
            || name.Contains("position", StringComparison.Ordinal)
            || name.Contains("wpe", StringComparison.Ordinal));

    private static IEnumerable<FlatPiece> Cut(ParameterBlock block)
    {
        for (var start = 0L; start < block.Length; start += LongestPiece)
        {
            yield return new(block, block.Start + start, (int)Math.Min(LongestPiece, block.Length - start));
        }
    }
}

/// <summary>A piece of one parameter.</summary>
/// <param name="Block">The parameter.</param>
/// <param name="Start">Where it begins in the buffer. Unit: numbers.</param>
/// <param name="Length">Its length. Unit: numbers.</param>
internal readonly record struct FlatPiece(ParameterBlock Block, long Start, int Length);
