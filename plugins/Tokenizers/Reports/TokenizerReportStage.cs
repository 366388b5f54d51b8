using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.Reports;

/// <summary>
/// Measures a tokenizer on held-out text and compares it with others: bytes per token and fertility by domain and
/// language, and how well its vocabulary is used.
/// </summary>
/// <remarks>
/// Fertility (Rust et al. 2021) is the number of tokens per word. Words are separated by white space, so fertility
/// means little for Chinese, Japanese and Thai. Unreachable tokens and tokens of partial UTF-8 characters are defined
/// as by Land and Bartolo 2024. They find glitch tokens by a model's weights. Here there is no model, so long tokens
/// that are rare in the text are reported instead.
/// </remarks>
[Plugin("tokenizer-report")]
[Metric("documents", Unit = "documents", Meaning = "Documents that were measured.")]
[Metric(MetricNames.SkippedEmptyText)]
[Metric("text_bytes", Unit = "UTF-8 bytes", Meaning = "Length of the measured text.")]
[Metric(MetricNames.Tokens)]
[Metric(MetricNames.BytesPerToken)]
[Metric(MetricNames.BytesPerToken + "/{group}", Unit = "bytes per token", Better = Better.Higher,
    Meaning = "Compression of a domain/NAME or a language/CODE.")]
[Metric("bytes_per_token_ratio/{tokenizer}", Better = Better.Higher,
    Meaning = "Bytes per token divided by those of another tokenizer; by group: bytes_per_token_ratio/NAME/domain/NAME.")]
[Metric("fertility", Unit = "tokens per word", Better = Better.Lower, Meaning = "Tokens per word.")]
[Metric("fertility/{group}", Unit = "tokens per word", Better = Better.Lower,
    Meaning = "Tokens per word of a domain/NAME or a language/CODE.")]
[Metric("single_byte_token_share", Unit = "fraction, 0 to 1", Better = Better.Lower,
    Meaning = "Share of the tokens that consist of one byte.")]
[Metric("partial_character_token_share", Unit = "fraction, 0 to 1", Better = Better.Lower,
    Meaning = "Share of the tokens that begin or end within a character.")]
[Metric(MetricNames.VocabularySize)]
[Metric("unused_tokens", Unit = "tokens", Better = Better.Lower, Meaning = "Tokens of the vocabulary that the text does not use.")]
[Metric("unreachable_tokens", Unit = "tokens", Better = Better.Lower, Meaning = "Tokens that no text is encoded to.")]
[Metric("partial_character_tokens", Unit = "tokens", Meaning = "Tokens of the vocabulary that begin or end within a character.")]
[Metric("glitch_prone_tokens", Unit = "tokens", Better = Better.Lower, Meaning = "Long tokens that are rare in the text.")]
public sealed class TokenizerReportStage(TokenizerReportOptions options) : IStage<TokenizerReportInputs, Report>
{
    /// <summary>The name of the measured tokenizer in tables and plots.</summary>
    internal const string Own = "this tokenizer";

    /// <inheritdoc/>
    public Task<Report> RunAsync(TokenizerReportInputs inputs, StageContext context, CancellationToken cancellationToken) =>
        Task.Run(() => Run(inputs, context, cancellationToken), cancellationToken);

    private Report Run(TokenizerReportInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var censuses = Open(inputs, context.Plugins);
        var empty = 0L;
        foreach (var (domain, documents) in inputs.Documents)
        {
            foreach (var batch in Texts(documents, context, ref empty).InBatches())
            {
                foreach (var census in censuses)
                {
                    census.Add(domain, batch, context.Threads, cancellationToken);
                }

                context.Progress.Report(censuses[0].All.Documents, null, "documents", domain);
            }
        }

        if (censuses[0].All.Tokens == 0)
        {
            throw new InvalidDataException($"There is no text to measure on: {empty} documents, all empty, in {string.Join(", ", inputs.Documents.Select(input => input.Value.Folder))}.");
        }

        context.Metrics.Log(MetricNames.SkippedEmptyText, empty);
        var report = TokenizerReport.Of(censuses, VocabularyReport.Of(censuses[0], options));
        foreach (var (name, value) in report.Figures)
        {
            context.Metrics.Log(name, value);
        }

        report.Write(context.OutputFolder);
        return new Report(context.OutputFolder);
    }

    /// <summary>Opens the tokenizer and those with which it is compared.</summary>
    private IReadOnlyList<TokenCensus> Open(TokenizerReportInputs inputs, IPluginSource plugins)
    {
        List<(string Name, string Source)> sources =
            [(Own, inputs.Tokenizer.Folder), .. (inputs.Others ?? new Dictionary<string, Tokenizer>()).Select(other => (other.Key, other.Value.Folder)), .. options.Baselines.Select(name => (name, name))];
        var twice = sources.GroupBy(source => source.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? [.. sources.Select(source => new TokenCensus(source.Name, plugins.OpenTokenizer(source.Source)))]
            : throw new InvalidDataException($"Two tokenizers are called '{twice.Key}'. Give each of 'others' and 'baselines' a different name.");
    }

    private List<Document> Texts(Documents documents, StageContext context, ref long empty)
    {
        List<Document> texts = [];
        var bytes = 0L;
        foreach (var document in context.Documents.Read(documents))
        {
            if (document.Text.Length == 0)
            {
                empty++;
                continue;
            }

            texts.Add(document);
            bytes += System.Text.Encoding.UTF8.GetByteCount(document.Text);
            if (bytes >= options.MaximumBytesPerDomain)
            {
                break;
            }
        }

        return texts;
    }
}

/// <summary>Inputs of <c>tokenizer-report</c>.</summary>
/// <param name="Tokenizer">The tokenizer to measure.</param>
/// <param name="Documents">
/// Held-out text by domain. If documents have the metadata <c>language</c>, for example from the filter
/// <c>language</c>, results are also reported by language.
/// </param>
/// <param name="Others">More tokenizers to compare with, by name.</param>
public sealed record TokenizerReportInputs(Tokenizer Tokenizer, IReadOnlyDictionary<string, Documents> Documents, IReadOnlyDictionary<string, Tokenizer>? Others = null);

/// <summary>Settings of <c>tokenizer-report</c>.</summary>
public sealed record TokenizerReportOptions
{
    /// <summary>
    /// Names of published tokenizers to compare with. Tokenizers in files and folders are given as the input
    /// <c>others</c>. Default: gpt2, cl100k_base.
    /// </summary>
    [AllowedValues("gpt2", "r50k_base", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base")]
    public IReadOnlyList<string> Baselines { get; init; } = ["gpt2", "cl100k_base"];

    /// <summary>
    /// Maximum amount of text per domain. Reading stops after the document that reaches it. Unit: UTF-8 bytes, at least
    /// 1. Default: 10 million.
    /// </summary>
    [Range(1L, long.MaxValue)]
    public long MaximumBytesPerDomain { get; init; } = 10_000_000;

    /// <summary>
    /// A rare token of at least this length counts as glitch-prone. Unit: bytes, at least 2. Default: 8.
    /// </summary>
    [Range(2, 1024)]
    public int LongTokenBytes { get; init; } = 8;

    /// <summary>A token with at most this many occurrences in the text counts as rare. Default: 1.</summary>
    [Range(0, int.MaxValue)]
    public int RareOccurrences { get; init; } = 1;

    /// <summary>Maximum number of tokens in each list of the report. Default: 20.</summary>
    [Range(0, 1000)]
    public int Examples { get; init; } = 20;
}
