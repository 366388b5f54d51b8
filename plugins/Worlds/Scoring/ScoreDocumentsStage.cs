using System.ComponentModel.DataAnnotations;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Plugins.Worlds.Truth;

namespace Experiments.Plugins.Worlds.Scoring;

/// <summary>
/// Scores a cleaned crawl of a generated world against its truth: which pages were kept and dropped, how exactly the
/// text was extracted, and which personal data was left.
/// </summary>
/// <remarks>
/// Metrics: <c>keep_precision</c>, <c>keep_recall</c>, <c>recall/REASON</c>, <c>wrongly_dropped</c>,
/// <c>wrongly_dropped/STEP</c>, <c>extraction_f1</c>, <c>boilerplate_share</c>, <c>email_recall</c>,
/// <c>email_leaks</c>, <c>public_ip_recall</c>, <c>private_ips_kept</c>, <c>charset_correct</c>. Every page that is not
/// among the kept ones counts as dropped, no matter which step or reader left it out. An address that was lost together
/// with its sentence counts as removed.
/// </remarks>
[Plugin("score-documents")]
[Metric("pages", Unit = "pages", Meaning = "Responses in the crawl.")]
[Metric("pages_kept", Unit = "pages", Meaning = "Pages in the cleaned corpus.")]
[Metric("unknown_documents", Unit = "documents", Better = Better.Lower, Meaning = "Documents whose address the truth does not know.")]
[Metric(MetricNames.KeepPrecision)]
[Metric(MetricNames.KeepRecall)]
[Metric("wrongly_dropped", Unit = "pages", Better = Better.Lower, Meaning = "Pages to keep that are gone.")]
[Metric("wrongly_dropped/{step}", Unit = "pages", Better = Better.Lower, Meaning = "Pages to keep that this step dropped.")]
[Metric("recall/{reason}", Unit = "fraction, 0 to 1", Better = Better.Higher,
    Meaning = "Share of the pages with this true reason that were dropped.")]
[Metric("extraction_f1", Unit = "fraction, 0 to 1", Better = Better.Higher,
    Meaning = "Main text against the truth: F1 of four-word shingles, mean over kept pages.")]
[Metric("boilerplate_share", Unit = "fraction, 0 to 1", Better = Better.Lower,
    Meaning = "Share of the extracted text that is not main text, mean over kept pages.")]
[Metric("email_recall", Unit = "fraction, 0 to 1", Better = Better.Higher,
    Meaning = "Share of the e-mail addresses that are gone from kept pages.")]
[Metric("email_leaks", Unit = "addresses", Better = Better.Lower, Meaning = "E-mail addresses left on kept pages.")]
[Metric("public_ip_recall", Unit = "fraction, 0 to 1", Better = Better.Higher,
    Meaning = "Share of the public IPv4 addresses that are gone from kept pages.")]
[Metric("private_ips_kept", Unit = "fraction, 0 to 1", Better = Better.Higher,
    Meaning = "Share of the private IPv4 addresses that stayed.")]
[Metric("charset_correct", Unit = "fraction, 0 to 1", Better = Better.Higher,
    Meaning = "Share of the pages with letters beyond ASCII that were decoded rightly.")]
public sealed class ScoreDocumentsStage(ScoreDocumentsOptions options) : IStage<ScoreDocumentsInputs, Report>
{
    /// <inheritdoc/>
    public Task<Report> RunAsync(ScoreDocumentsInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var score = new Score(TruthRecord.Read(inputs.Truth).ToDictionary(page => page.Url, StringComparer.Ordinal));
        foreach (var document in context.Documents.Read(inputs.Kept))
        {
            cancellationToken.ThrowIfCancellationRequested();
            score.AddKept(document);
        }

        foreach (var document in context.Documents.Read(inputs.Dropped))
        {
            cancellationToken.ThrowIfCancellationRequested();
            score.AddDropped(document);
        }

        var card = score.Finish();
        foreach (var (name, value) in card.Figures)
        {
            context.Metrics.Log(name, value);
        }

        ScorePage.Write(card, options.Examples, context.OutputFolder);
        return Task.FromResult(new Report(context.OutputFolder));
    }
}

/// <summary>A cleaned crawl and the truth about it.</summary>
/// <param name="Kept">The documents that the cleaning kept.</param>
/// <param name="Dropped">
/// The documents that the cleaning dropped; their metadata holds <c>dropped_by</c> (the step) and <c>dropped_for</c>
/// (its reason).
/// </param>
/// <param name="Truth">The truth about each page.</param>
public sealed record ScoreDocumentsInputs(Documents Kept, Documents Dropped, GroundTruth Truth);

/// <summary>Settings of <c>score-documents</c>.</summary>
public sealed record ScoreDocumentsOptions
{
    /// <summary>Number of examples of each kind of mistake in the report. Default: 5.</summary>
    [Range(0, 1000)]
    public int Examples { get; init; } = 5;
}
