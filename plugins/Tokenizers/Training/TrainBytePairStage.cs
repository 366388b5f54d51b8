using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Sizing;
using Experiments.Plugins.Tokenizers.BytePair;
using Experiments.Plugins.Tokenizers.Formats;
using Experiments.Plugins.Tokenizers.Splitting;
using static Experiments.Contracts.Text.Tokenizers;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>Trains a byte-level BPE tokenizer on documents.</summary>
/// <remarks>
/// The method is that of Sennrich et al. 2016 on bytes, as in GPT-2. The merges depend only on the texts and the
/// options, not on the order of the texts or on threads. Text that looks like a special token is treated as ordinary
/// text. Memory is bounded by <see cref="TrainBytePairOptions.CountingMegabytes"/> while counting and by
/// <see cref="TrainBytePairOptions.MaximumPieces"/> while merging. An interrupted run resumes where it stopped, and
/// produces the same bytes.
/// </remarks>
[Plugin("train-bpe", Version = 2)]
[Metric(MetricNames.BytesPerToken)]
[Metric("merges", Unit = "merges", Meaning = "Merges learned.")]
[Metric("merges_per_second", Unit = "merges per second", Better = Better.Higher, Meaning = "Speed of learning merges.")]
[Metric("unique_pieces", Unit = "pieces", Meaning = "Different pieces of text, between which nothing is merged.")]
[Metric("text_megabytes", Unit = "megabytes", Meaning = "Length of the text.")]
[Metric("left_out_share", Unit = "fraction, 0 to 1", Better = Better.Lower,
    Meaning = "Share of the text whose pieces were too rare to be counted.")]
[Metric("counting_megabytes_per_second", Unit = "megabytes per second", Better = Better.Higher, Meaning = "Speed of counting pieces.")]
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
                $"vocabulary_size {options.VocabularySize} must be large enough for {Bytes} bytes and {options.SpecialTokens.Count} special tokens. These must be all different and not empty.");
        }

        if (options.Pattern is { } pattern)
        {
            context.Log.Info($"text is split by pattern {pattern}; split is ignored");
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

/// <summary>Inputs of <c>train-bpe</c>.</summary>
/// <param name="Documents">The documents.</param>
public sealed record TrainBytePairInputs(IReadOnlyList<Documents> Documents);

/// <summary>Settings of <c>train-bpe</c>.</summary>
public sealed record TrainBytePairOptions
{
    /// <summary>
    /// Total number of tokens: 256 bytes, the merges and the special tokens. It is an error if the documents are too
    /// few for it. Range: 256 to 1048576. Default: 4096.
    /// </summary>
    [Range(256, 1 << 20)]
    public int VocabularySize { get; init; } = 4096;

    /// <summary>
    /// How text is split before merging: digits, gpt2, gpt2-digits, gpt4 or o200k. Default: digits, the pattern of
    /// Qwen2, in which each digit is a token.
    /// </summary>
    public SplitPattern Split { get; init; } = SplitPattern.Digits;

    /// <summary>
    /// A regular expression that splits text, instead of <c>split</c>. Its matches are pieces, and so is the text
    /// between two matches. The syntax is Rust's, with categories such as \p{L} and possessive quantifiers. Default:
    /// none.
    /// </summary>
    [SplitExpression]
    public string? Pattern { get; init; }

    /// <summary>
    /// Special tokens. Their ids follow the merges, in this order. Default: the end-of-text token, and the two tokens
    /// of ChatML.
    /// </summary>
    [DifferentTexts]
    public IReadOnlyList<string> SpecialTokens { get; init; } = [EndOfText, MessageStart, MessageEnd];

    /// <summary>
    /// Which of several equally frequent pairs is merged first: greater (the greater byte strings, Stanford CS336) or
    /// smaller-id (the smaller ids, rustbpe). Default: greater.
    /// </summary>
    public MergeTies MergeTies { get; init; } = MergeTies.Greater;

    /// <summary>
    /// Maximum amount of text. Reading stops after the document that reaches it. Unit: UTF-16 units. Default: no
    /// maximum.
    /// </summary>
    [Range(1L, long.MaxValue)]
    public long? MaximumCharacters { get; init; }

    /// <summary>
    /// Maximum number of unique pieces to learn from. If there are more, the rarest are left out (of equally frequent
    /// ones the last in the order of bytes), with a warning and the metric <c>left_out_share</c>. Range: 1 to
    /// 2147483647. Default: 10000000.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaximumPieces { get; init; } = 10_000_000;

    /// <summary>
    /// Memory for unique pieces while counting. When it is full, the counts are written to sorted files in the output
    /// folder. The files are merged at the end, so the counts are exact. Unit: MiB. Range: 1 to 1048576. Default: 512.
    /// </summary>
    [RuntimeOnly]
    [Range(1, 1 << 20)]
    public int CountingMegabytes { get; init; } = 512;
}
