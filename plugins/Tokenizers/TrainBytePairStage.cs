using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Plugins.Tokenizers.BytePair;
using Experiments.Plugins.Tokenizers.Formats;
using Experiments.Plugins.Tokenizers.Splitting;
using Experiments.Plugins.Tokenizers.Training;
using static Experiments.Contracts.Text.Tokenizers;

namespace Experiments.Plugins.Tokenizers;

/// <summary>Trains a byte-level BPE tokenizer on documents.</summary>
/// <remarks>
/// Sennrich et al. 2016 on bytes, as in GPT-2. The merges depend on the texts and options alone, neither on their order nor on threads. Text that
/// looks like a special token is learned from as text.
/// </remarks>
[Plugin("train-bpe")]
public sealed class TrainBytePairStage(TrainBytePairOptions options) : IStage<TrainBytePairInputs, Tokenizer>
{
    private const int Bytes = 256;
    private const int MergesAReport = 64;

    private PublishedSplitter Splitter => new(options.Split);

    /// <inheritdoc/>
    public Task<Tokenizer> RunAsync(TrainBytePairInputs inputs, StageContext context, CancellationToken cancellationToken) =>
        Task.Run(() => Run(inputs, context, cancellationToken), cancellationToken);

    private Tokenizer Run(TrainBytePairInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var wanted = options.VocabularySize - Bytes - options.SpecialTokens.Count;
        if (wanted < 0 || options.SpecialTokens.Distinct().Count() < options.SpecialTokens.Count || options.SpecialTokens.Contains(""))
        {
            throw new InvalidDataException(
                $"vocabulary_size {options.VocabularySize} must hold {Bytes} bytes and {options.SpecialTokens.Count} special tokens, all different and none empty.");
        }

        var pieces = CountPieces(inputs.Documents, context, cancellationToken);
        var trainer = new BytePairTrainer(pieces, options.MergeTies);
        var merges = Learn(trainer, wanted, context, cancellationToken);
        HuggingFaceTokenizerFormat.Write(context.OutputFolder, new()
        {
            Tokens = [.. trainer.Tokens, .. options.SpecialTokens.Select(_ => Array.Empty<byte>())],
            Merges = merges,
            AddedTokens = [.. options.SpecialTokens.Index().Select(token => new AddedToken(token.Item, trainer.Tokens.Count + token.Index))],
            Splitter = Splitter,
        });
        context.Metrics.Log("unique_pieces", pieces.Count);
        context.Metrics.Log("bytes_per_token", (double)trainer.TextBytes / Math.Max(1, trainer.TextTokens));
        return new Tokenizer(context.OutputFolder);
    }

    private IReadOnlyDictionary<byte[], long> CountPieces(IReadOnlyList<Documents> inputs, StageContext context, CancellationToken cancellationToken)
    {
        var counter = new PieceCounter(Splitter, context.Threads);
        var (documents, characters) = (0L, 0L);
        var texts = inputs.SelectMany(context.Documents.Read).TakeWhile(_ => options.MaximumCharacters is not { } maximum || characters < maximum)
            .Select(document =>
            {
                (documents, characters) = (documents + 1, characters + document.Text.Length);
                return document;
            });
        foreach (var batch in texts.InBatches())
        {
            counter.Add(batch, cancellationToken);
            context.Progress.Report(documents, null, "documents", "counting pieces");
        }

        context.Log.Info($"learning from {documents} documents, {characters} characters");
        return counter.Total();
    }

    private List<Merge> Learn(BytePairTrainer trainer, int wanted, StageContext context, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        var merges = new List<Merge>(wanted);
        while (merges.Count < wanted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var largest = options.VocabularySize - wanted + merges.Count;
            merges.Add(trainer.Next() ?? throw new InvalidDataException(
                $"The documents are too few for vocabulary_size {options.VocabularySize}: after {merges.Count} merges every piece is one token. "
                + $"Give more documents, or set vocabulary_size to {largest} or less."));
            if (merges.Count % MergesAReport == 0 || merges.Count == wanted)
            {
                context.Progress.Report(merges.Count, wanted, "merges");
            }
        }

        context.Metrics.Log("merges", merges.Count);
        context.Metrics.Log("merges_per_second", merges.Count / Math.Max(1e-9, context.Time.GetElapsedTime(start).TotalSeconds));
        return merges;
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

    /// <summary>Special tokens; their ids follow the merges, in this order. Default: end of text, and the two of ChatML.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [EndOfText, MessageStart, MessageEnd];

    /// <summary>Which of equally frequent pairs is merged first: greater (byte strings, Stanford CS336) or smaller_id (rustbpe). Default: greater.</summary>
    public MergeTies MergeTies { get; init; } = MergeTies.Greater;

    /// <summary>Stops reading behind the document that reaches this many characters. Unit: UTF-16 units. Default: none, all documents count.</summary>
    [Range(1L, long.MaxValue)]
    public long? MaximumCharacters { get; init; }
}
