using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Sizing;
using Experiments.Plugins.Tokenizers.BytePair;
using Experiments.Plugins.Tokenizers.Formats;
using Experiments.Plugins.Tokenizers.Splitting;
using static Experiments.Contracts.Text.Tokenizers;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>Trains a byte-level BPE tokenizer on documents.</summary>
/// <remarks>
/// Sennrich et al. 2016 on bytes, as in GPT-2. The merges depend on the texts and options alone, neither on their order nor on threads. Text that
/// looks like a special token is learned from as text. Memory is bounded by <see cref="TrainBytePairOptions.CountingMegabytes"/> while counting and by
/// <see cref="TrainBytePairOptions.MaximumPieces"/> while merging. A run that was interrupted goes on where it was, and ends with the same bytes.
/// </remarks>
[Plugin("train-bpe", Version = 2)]
public sealed class TrainBytePairStage(TrainBytePairOptions options) : IStage<TrainBytePairInputs, Tokenizer>, ISizedStage
{
    private const int Bytes = 256;

    private PieceSplitter Splitter => options.Pattern is { } pattern ? PieceSplitters.By(pattern) : new PublishedSplitter(options.Split);

    /// <inheritdoc/>
    public Task<Tokenizer> RunAsync(TrainBytePairInputs inputs, StageContext context, CancellationToken cancellationToken) =>
        Task.Run(() => Run(inputs, context, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public StageSize Size(IReadOnlyDictionary<string, StageSize> inputs) => new() { VocabularySize = options.VocabularySize };

    private Tokenizer Run(TrainBytePairInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var wanted = options.VocabularySize - Bytes - options.SpecialTokens.Count;
        if (wanted < 0 || options.SpecialTokens.Distinct().Count() < options.SpecialTokens.Count || options.SpecialTokens.Contains(""))
        {
            throw new InvalidDataException(
                $"vocabulary_size {options.VocabularySize} must hold {Bytes} bytes and {options.SpecialTokens.Count} special tokens, all different and none empty.");
        }

        if (options.Pattern is { } pattern)
        {
            context.Log.Info($"cuts by pattern {pattern}, and not by split");
        }

        var (tokens, merges) = new TrainingRun(options, Splitter, context).Run(inputs.Documents, wanted, cancellationToken);
        HuggingFaceTokenizerFormat.Write(context.OutputFolder, new()
        {
            Tokens = [.. tokens, .. options.SpecialTokens.Select(_ => Array.Empty<byte>())],
            Merges = merges,
            AddedTokens = [.. options.SpecialTokens.Index().Select(token => new AddedToken(token.Item, tokens.Count + token.Index))],
            Splitter = Splitter,
        });
        return new Tokenizer(context.OutputFolder);
    }
}

/// <summary>What <c>train-bpe</c> learns from.</summary>
/// <param name="Documents">The documents.</param>
public sealed record TrainBytePairInputs(IReadOnlyList<Documents> Documents);

/// <summary>Settings of <c>train-bpe</c>.</summary>
public sealed record TrainBytePairOptions
{
    /// <summary>Tokens in all: 256 bytes, the merges and the special tokens. Too few documents for it are an error. Range: 256 to 1048576. Default: 4096.</summary>
    [Range(256, 1 << 20)]
    public int VocabularySize { get; init; } = 4096;

    /// <summary>How text is cut before merging: digits, gpt2, gpt2_digits, gpt4 or o200k. Default: digits, the pattern of Qwen2, where each digit is a token.</summary>
    public SplitPattern Split { get; init; } = SplitPattern.Digits;

    /// <summary>
    /// A regular expression to cut text by in the place of <c>split</c>: what it finds are pieces, and what lies between. In the manner of Rust's, with
    /// categories such as \p{L} and possessive quantifiers. Default: none.
    /// </summary>
    [SplitExpression]
    public string? Pattern { get; init; }

    /// <summary>Special tokens; their ids follow the merges, in this order. Default: end of text, and the two of ChatML.</summary>
    [DifferentTexts]
    public IReadOnlyList<string> SpecialTokens { get; init; } = [EndOfText, MessageStart, MessageEnd];

    /// <summary>Which of equally frequent pairs is merged first: greater (byte strings, Stanford CS336) or smaller_id (rustbpe). Default: greater.</summary>
    public MergeTies MergeTies { get; init; } = MergeTies.Greater;

    /// <summary>Stops reading behind the document that reaches this many characters. Unit: UTF-16 units. Default: none, all documents count.</summary>
    [Range(1L, long.MaxValue)]
    public long? MaximumCharacters { get; init; }

    /// <summary>
    /// Unique pieces to learn from; the rarest beyond are left out, of equally frequent ones those of greater bytes, with a warning and the metric
    /// <c>left_out_share</c>. Range: 1 to 2147483647. Default: 10000000.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaximumPieces { get; init; } = 10_000_000;

    /// <summary>
    /// Memory for unique pieces while counting. What is more goes to sorted files in the output folder, which are merged at the end: the counts
    /// stay exact. Unit: MiB. Range: 1 to 1048576. Default: 512.
    /// </summary>
    [RuntimeOnly]
    [Range(1, 1 << 20)]
    public int CountingMegabytes { get; init; } = 512;
}
