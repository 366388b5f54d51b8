using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Reports;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Evaluation.NGrams;

/// <summary>
/// A baseline by counting: an interpolated n-gram model with modified Kneser-Ney smoothing, counted on the train part
/// of token shards and measured on the validation part. A neural model that is not better has learned nothing from
/// distant tokens.
/// </summary>
/// <remarks>
/// It is measured on the same tokens as a neural model of the same sequence length (<c>validation_tokens</c> in windows
/// of this length). End-of-text tokens count in the loss but not in bits per byte. Unlike a neural model, it also sees
/// the tokens before a window. Memory: at most 100 bytes per token of text.
/// </remarks>
[Plugin("kneser-ney")]
[Metric(MetricNames.ValidationLoss)]
[Metric(MetricNames.BitsPerByte)]
[Metric(MetricNames.ValidationLoss + "_gain", Unit = "nats per token", Better = Better.Higher, NeedsInput = "model",
    Meaning = "Its loss minus that of the neural model: how much the model is better.")]
[Metric(MetricNames.BitsPerByte + "_gain", Unit = "bits per UTF-8 byte", Better = Better.Higher, NeedsInput = "model",
    Meaning = "Its bits per byte minus those of the neural model.")]
[Metric(MetricNames.Tokens)]
[Metric(MetricNames.TrainingTokens)]
[Metric("ngrams/{order}", Unit = "n-grams", Meaning = "Different n-grams of this order.")]
public sealed class KneserNeyStage(KneserNeyOptions options) : IStage<KneserNeyInputs, Report>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <inheritdoc/>
    public Task<Report> RunAsync(KneserNeyInputs inputs, StageContext context, CancellationToken cancellationToken) =>
        Task.Run(() => Run(inputs, context, cancellationToken), cancellationToken);

    private Report Run(KneserNeyInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var tokenizer = context.Plugins.OpenTokenizer(inputs.Tokenizer.Folder);
        var training = Words(inputs.Tokens, TokenShards.Train, tokenizer.VocabularySize);
        var model = new KneserNeyModel(training, options.Order, tokenizer.VocabularySize, order =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            context.Progress.Report(order, options.Order, "orders");
        });
        var measured = Measure(model, tokenizer, Words(inputs.Tokens, TokenShards.Validation, tokenizer.VocabularySize), inputs.Tokens.Folder, cancellationToken);
        SortedDictionary<string, double> figures = new(StringComparer.Ordinal)
        {
            [MetricNames.ValidationLoss] = measured.Loss,
            [MetricNames.BitsPerByte] = measured.BitsPerByte,
            [MetricNames.Tokens] = measured.Tokens,
            [MetricNames.TrainingTokens] = training.Sum(shard => (long)shard.Length),
        };
        if (inputs.Model is { } neural)
        {
            Compare(neural, figures);
        }

        foreach (var (index, size) in model.Sizes.Index())
        {
            figures[$"ngrams/{index + 1}"] = size;
        }

        foreach (var (name, value) in figures)
        {
            context.Metrics.Log(name, value);
        }

        Write(context.OutputFolder, figures, model);
        return new Report(context.OutputFolder);
    }

    /// <summary>Compares with a model: its loss and bits per byte are those that its own stage measured last.</summary>
    private static void Compare(Checkpoint neural, SortedDictionary<string, double> figures)
    {
        var results = MetricLines.Results(neural.Origin?.ReadMetrics() ?? []);
        foreach (var name in new[] { MetricNames.ValidationLoss, MetricNames.BitsPerByte })
        {
            figures[$"{name}_gain"] = results.TryGetValue(name, out var value)
                ? figures[name] - value
                : throw new InvalidDataException($"{neural.Folder}: the stage that made the model did not record {name}, which is needed for the comparison. It recorded: {string.Join(", ", results.Keys)}");
        }
    }

    private static IReadOnlyList<int[]> Words(TokenShards tokens, string split, int vocabularySize)
    {
        List<int[]> shards = [];
        foreach (var shard in tokens.Open(split))
        {
            using (shard)
            {
                var words = new long[shard.Count];
                shard.Read(0, words);
                shards.Add(Array.ConvertAll(words, word => word < vocabularySize
                    ? (int)word
                    : throw new InvalidDataException($"{tokens.Folder}: the {split} part contains the token {word}, but the tokenizer has only {vocabularySize} tokens: the shards were made with another tokenizer.")));
            }
        }

        return shards;
    }

    /// <summary>Loss and bits per byte, over the tokens that are targets in windows of the sequence length.</summary>
    private (double Loss, double BitsPerByte, long Tokens) Measure(KneserNeyModel model, ITokenizer tokenizer, IReadOnlyList<int[]> shards, string folder, CancellationToken cancellationToken)
    {
        var (nats, textNats, count, textBytes) = (0.0, 0.0, 0L, 0L);
        var length = Math.Min(options.SequenceLength, shards.Max(shard => shard.Length) - 1);
        foreach (var shard in shards.Where(shard => shard.Length > length && length > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var reader = model.Begin();
            reader.Read(shard[0]);
            foreach (var word in shard.AsSpan(1, (shard.Length - 1) / length * length))
            {
                if (count == options.ValidationTokens)
                {
                    break;
                }

                var loss = -Math.Log(reader.Probability(word));
                var bytes = tokenizer.Bytes(word).Length;
                (count, nats, textNats, textBytes) = (count + 1, nats + loss, textNats + (bytes > 0 ? loss : 0), textBytes + bytes);
                reader.Read(word);
            }
        }

        return textBytes > 0
            ? (nats / count, textNats / (Math.Log(2) * textBytes), count)
            : throw new InvalidDataException($"{folder}: the first {options.ValidationTokens} tokens of the validation part contain no text.");
    }

    private void Write(string folder, SortedDictionary<string, double> figures, KneserNeyModel model)
    {
        var page = new MarkdownPage();
        page.Heading(1, $"{options.Order}-grams, modified Kneser-Ney");
        page.Table(["Figure", "Value"], figures.Select(pair => (IReadOnlyList<string>)[$"`{pair.Key}`", Figure.Text(pair.Value)]));
        page.Table(["Order", "n-grams", "D1", "D2", "D3+"], model.DiscountsByOrder.Select((discounts, i) => (IReadOnlyList<string>)
        [
            (i + 1).ToString(CultureInfo.InvariantCulture), Figure.Text(model.Sizes[i]), Figure.Text(discounts.One), Figure.Text(discounts.Two), Figure.Text(discounts.More) + (discounts.IsEstimated ? "" : " (too few counts to estimate them)"),
        ]));
        File.WriteAllText(Path.Combine(folder, "report.md"), page.ToString());
        var json = new JsonObject { ["kind"] = "kneser-ney", ["order"] = options.Order, ["figures"] = JsonSerializer.SerializeToNode(figures) };
        File.WriteAllText(Path.Combine(folder, "report.json"), json.ToJsonString(Indented) + "\n");
    }
}

/// <summary>Inputs of <c>kneser-ney</c>.</summary>
/// <param name="Tokens">Token shards with a train and a validation part.</param>
/// <param name="Tokenizer">The tokenizer that made them.</param>
/// <param name="Model">
/// A model that was pretrained on the same tokens and measured on equally many of them. <c>validation_loss_gain</c> and
/// <c>bits_per_byte_gain</c> then say by how much it is better than counting.
/// </param>
public sealed record KneserNeyInputs(TokenShards Tokens, Tokenizer Tokenizer, Checkpoint? Model = null);

/// <summary>Settings of <c>kneser-ney</c>.</summary>
public sealed record KneserNeyOptions
{
    /// <summary>
    /// Length of the longest n-gram. 1 = only single tokens are counted. Unit: tokens, 1 to 12. Default: 5.
    /// </summary>
    [Range(1, 12)] public int Order { get; init; } = 5;

    /// <summary>
    /// Maximum number of tokens of the validation part that are measured. Default: 65536, as in pretrain.
    /// </summary>
    [Range(1, long.MaxValue)] public long ValidationTokens { get; init; } = 65_536;

    /// <summary>
    /// Sequence length of the model with which this baseline is compared. Tokens at the end of a shard that do not fill
    /// a sequence are left out, as they are for the model. Unit: tokens. Default: 256, as in gpt.
    /// </summary>
    [Range(1, 1_048_576)] public int SequenceLength { get; init; } = 256;
}
