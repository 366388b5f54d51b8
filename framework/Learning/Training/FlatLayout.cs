using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>Where the parameters of a model lie in one long buffer: one behind the other, each padded to 64 bytes.</summary>
internal sealed class FlatLayout
{
    /// <summary>Numbers of a piece at most: weights, gradients and state of one fit the processor's second cache together.</summary>
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

    /// <summary>The parameters, cut into pieces.</summary>
    public FlatPiece[] Pieces { get; }

    /// <summary>Numbers of the whole buffer.</summary>
    public long Length { get; }

    /// <summary>A parameter in its shape, as a view of a buffer.</summary>
    public static Tensor View(Tensor flat, ParameterBlock block) => flat.narrow(0, block.Start, block.Length).view([.. block.Shape]);

    /// <summary>By its shape for tokens, by its name for positions, whose number may be a width as well.</summary>
    private static bool IsEmbedding(string name, long[] shape, int vocabularySize) =>
        shape.Length == 2 && (shape.Contains(vocabularySize) || name.Contains("embed", StringComparison.Ordinal) || name.Contains("position", StringComparison.Ordinal) || name.Contains("wpe", StringComparison.Ordinal));

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
/// <param name="Start">Where it begins in the buffer.</param>
/// <param name="Length">How many numbers it has.</param>
internal readonly record struct FlatPiece(ParameterBlock Block, long Start, int Length);
