using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// Applies filters to documents, one after the other: FineWeb's pipeline (Penedo et al. 2024) as a list of steps.
/// Dropped documents are written to an output of their own, with the step and the reason.
/// </summary>
/// <remarks>
/// Filters run on all threads; ordered filters process one document at a time. The output does not depend on the number
/// of threads. A checkpoint holds the finished shards, the counts and the state of the ordered filters. It is written
/// at the end of an input file, where shards end too. With several processes (<c>run: { parallel: 4 }</c>), the filters
/// before the first ordered one are applied to each input file separately; one process applies the remaining filters,
/// in order.
/// </remarks>
[Plugin("process-documents", IsSharded = true)]
[Metric(MetricNames.DocumentsRead)]
[Metric(MetricNames.DocumentsKept)]
[Metric("kept_share", Unit = "fraction, 0 to 1", Meaning = "Share of the documents that passed all steps.")]
[Metric("characters_kept", Unit = "characters", Meaning = "Length of the kept text.")]
[Metric("passed/{step}", Unit = "documents", Meaning = "Documents that passed this step.")]
[Metric("seconds/{step}", Unit = "seconds", Better = Better.Lower, Meaning = "Time spent in this step, summed over threads.")]
[Metric(MetricNames.Dropped + "/{reason}", Unit = "documents", DeclaredBy = "filter", Meaning = "Documents dropped for this reason.")]
[Metric("skipped/{reason}", Unit = "records", Meaning = "Damaged records that were passed over, by reason.")]
[Metric("documents_per_second", Unit = "documents per second", Better = Better.Higher, Meaning = "Speed.")]
public sealed class ProcessDocumentsStage(ProcessDocumentsOptions options) : IStage<ProcessDocumentsInputs, ProcessedDocuments>
{
    /// <inheritdoc/>
    public Task<ProcessedDocuments> RunAsync(ProcessDocumentsInputs inputs, StageContext context, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var files = inputs.Documents.SelectMany(documents => documents.Files).ToList();
            new DocumentRun(options, context).Process(files, cancellationToken);
            return new ProcessedDocuments(new(context.Part("documents")), new(context.Part("dropped")));
        },
        cancellationToken);
}

/// <summary>Inputs of <c>process-documents</c>.</summary>
/// <param name="Documents">The documents, in the order in which they are processed.</param>
public sealed record ProcessDocumentsInputs(IReadOnlyList<Documents> Documents);

/// <summary>Outputs of <c>process-documents</c>.</summary>
/// <param name="Documents">
/// The documents that passed all steps, in shards <c>documents-00000.jsonl.zst</c> and so on.
/// </param>
/// <param name="Dropped">
/// The dropped documents, as the step that dropped them received them. The metadata <c>dropped_by</c> names the step
/// and <c>dropped_for</c> the reason.
/// </param>
public sealed record ProcessedDocuments(Documents Documents, Documents Dropped);

/// <summary>Settings of <c>process-documents</c>.</summary>
public sealed record ProcessDocumentsOptions
{
    /// <summary>The filters, in order.</summary>
    [MinLength(1)] public required IReadOnlyList<Plugin<IDocumentFilter>> Steps { get; init; }

    /// <summary>
    /// Maximum number of documents per shard. A shard also ends where an input file ends. Unit: documents, at least 1.
    /// Default: 10000.
    /// </summary>
    [Range(1, int.MaxValue)] public int DocumentsPerShard { get; init; } = 10_000;
}
