using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// Sends documents through filters, one after the other, and keeps what comes out: FineWeb's pipeline (Penedo et al. 2024) as a list of steps.
/// What is dropped is kept too, with the step and the reason.
/// </summary>
/// <remarks>
/// Filters run on all threads, ordered filters one document at a time; the output does not depend on the number of threads. A checkpoint holds
/// the finished shards, the counts and what the ordered filters remember; it is taken at the end of an input file, where shards end too.
/// Over several processes (<c>run: { parallel: 4 }</c>) each input file goes on its own through the filters before the first ordered one; the rest
/// is done by one process, in order.
/// </remarks>
[Plugin("process-documents", IsSharded = true)]
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

/// <summary>What <c>process-documents</c> reads.</summary>
/// <param name="Documents">The documents, in the order in which they are processed.</param>
public sealed record ProcessDocumentsInputs(IReadOnlyList<Documents> Documents);

/// <summary>What <c>process-documents</c> makes.</summary>
/// <param name="Documents">What came out of the last step: shards <c>documents-00000.jsonl.zst</c>.</param>
/// <param name="Dropped">What did not, as the step saw it that dropped it; metadata <c>dropped_by</c> names the step and <c>dropped_for</c> the reason.</param>
public sealed record ProcessedDocuments(Documents Documents, Documents Dropped);

/// <summary>Settings of <c>process-documents</c>.</summary>
public sealed record ProcessDocumentsOptions
{
    /// <summary>The filters, in order.</summary>
    [MinLength(1)] public required IReadOnlyList<Plugin<IDocumentFilter>> Steps { get; init; }

    /// <summary>Documents in a shard at most; a shard also ends where an input file ends. Unit: documents, at least 1. Default: 10000.</summary>
    [Range(1, int.MaxValue)] public int DocumentsPerShard { get; init; } = 10_000;
}
