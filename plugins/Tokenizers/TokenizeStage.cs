using System.Buffers.Binary;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Text;
using static Experiments.Contracts.Text.Tokenizers;

namespace Experiments.Plugins.Tokenizers;

/// <summary>Turns documents into token shards for training, with a held-out part.</summary>
/// <remarks>
/// Every document becomes the end-of-text token followed by its tokens. The hash of its text decides whether it is held
/// out, so equal texts are in the same part, and the order of documents does not matter. If one part would be empty and
/// there are at least two documents, the document with the smallest hash is held out, or the one with the largest hash
/// is trained on.
/// </remarks>
[Plugin("tokenize")]
[Metric("documents", Unit = "documents", Meaning = "Documents that became tokens.")]
[Metric(MetricNames.SkippedEmptyText)]
[Metric(MetricNames.Tokens)]
[Metric(MetricNames.Tokens + "/train", Unit = "tokens", Meaning = "Tokens of the train part.")]
[Metric(MetricNames.Tokens + "/validation", Unit = "tokens", Meaning = "Tokens of the validation part.")]
[Metric(MetricNames.BytesPerToken)]
[Metric(MetricNames.TokensPerSecond)]
public sealed class TokenizeStage(TokenizeOptions options) : IStage<TokenizeInputs, TokenShards>, ISizedStage
{
    /// <inheritdoc/>
    public Task<TokenShards> RunAsync(TokenizeInputs inputs, StageContext context, CancellationToken cancellationToken) =>
        Task.Run(() => Run(inputs, context, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public StageSize Size(IReadOnlyDictionary<string, StageSize> inputs) => new() { VocabularySize = inputs.GetValueOrDefault("tokenizer")?.VocabularySize };

    private TokenShards Run(TokenizeInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        var tokenizer = context.Plugins.OpenTokenizer(inputs.Tokenizer.Folder);
        var (documents, empty, tokens, textBytes) = (0L, 0L, 0L, 0L);
        using var parts = new TokenParts(context.OutputFolder, tokenizer.VocabularySize, options.ValidationShare, options.TokensPerShard);
        foreach (var document in inputs.Documents.SelectMany(context.Documents.Read).InBatches().SelectMany(batch => Encode(batch, tokenizer, context.Threads, cancellationToken)))
        {
            if (document.TextBytes == 0)
            {
                empty++;
                continue;
            }

            var taken = Cut(document, options.MaximumTokens - tokens, tokenizer);
            parts.Add(taken);
            (documents, tokens, textBytes) = (documents + 1, tokens + taken.Tokens.Length, textBytes + taken.TextBytes);
            context.Progress.Report(tokens, options.MaximumTokens, "tokens", $"{documents} documents");
            if (tokens == options.MaximumTokens)
            {
                break;
            }
        }

        if (documents == 0)
        {
            throw new InvalidDataException($"There is no text to tokenize: {empty} documents, all empty, in {string.Join(", ", inputs.Documents.Select(input => input.Folder))}.");
        }

        parts.Complete();
        TokenizerFiles.Copy(inputs.Tokenizer.Folder, context.OutputFolder);
        if (documents == 1 && options.ValidationShare > 0)
        {
            context.Log.Warn("There is only one document, so nothing is held out. Split the text into documents to get a validation part.");
        }

        context.Metrics.Log("documents", documents);
        context.Metrics.Log(MetricNames.SkippedEmptyText, empty);
        context.Metrics.Log(MetricNames.Tokens, tokens);
        context.Metrics.Log(MetricNames.Tokens + "/train", parts.Train.Tokens);
        context.Metrics.Log(MetricNames.Tokens + "/validation", parts.Validation.Tokens);
        context.Metrics.Log(MetricNames.BytesPerToken, (double)textBytes / Math.Max(1, tokens - documents));
        context.Metrics.Log(MetricNames.TokensPerSecond, tokens / Math.Max(1e-9, context.Time.GetElapsedTime(start).TotalSeconds));
        return new TokenShards(context.OutputFolder);
    }

    private static EncodedDocument[] Encode(IReadOnlyList<Document> batch, ITokenizer tokenizer, int threads, CancellationToken cancellationToken)
    {
        var endOfText = tokenizer.Special(EndOfText);
        var encoded = new EncodedDocument[batch.Count];
        Parallel.For(0, batch.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, index =>
        {
            var text = Encoding.UTF8.GetBytes(batch[index].Text);
            var hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(text));
            encoded[index] = new([endOfText, .. tokenizer.Encode(batch[index].Text)], text.Length, hash * Math.Pow(2, -64));
        });
        return encoded;
    }

    private static EncodedDocument Cut(EncodedDocument document, long? room, ITokenizer tokenizer)
    {
        if (room is not { } limit || document.Tokens.Length <= limit)
        {
            return document;
        }

        var tokens = document.Tokens[..(int)limit];
        return document with { Tokens = tokens, TextBytes = tokens.Sum(id => (long)tokenizer.Bytes(id).Length) };
    }
}

/// <summary>Inputs of <c>tokenize</c>.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="Tokenizer">A tokenizer with an end-of-text token.</param>
public sealed record TokenizeInputs(IReadOnlyList<Documents> Documents, Tokenizer Tokenizer);

/// <summary>Settings of <c>tokenize</c>.</summary>
public sealed record TokenizeOptions
{
    /// <summary>
    /// Share of documents that are held out for validation. 0 = none. Unit: fraction, 0 to 1. Default: 0.02.
    /// </summary>
    [Range(0.0, 1.0)]
    public double ValidationShare { get; init; } = 0.02;

    /// <summary>
    /// Maximum size of a shard. A document that would exceed it begins a new shard. Unit: tokens, at least 1. Default:
    /// 100 million.
    /// </summary>
    [Range(1L, long.MaxValue)]
    public long TokensPerShard { get; init; } = 100_000_000;

    /// <summary>
    /// Maximum number of tokens in both parts together. The last document is cut off there. Unit: tokens, at least 2.
    /// Default: no maximum.
    /// </summary>
    [Range(2L, long.MaxValue)]
    public long? MaximumTokens { get; init; }
}
