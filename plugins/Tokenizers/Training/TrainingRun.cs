using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Plugins.Tokenizers.BytePair;
using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// One run of <c>train-bpe</c>: counts pieces, learns merges, and can resume after an interruption. While counting, a
/// checkpoint holds the counts so far and the place in the documents. Later it holds the pieces and the merges so far,
/// which a resumed run repeats without searching for them.
/// </summary>
internal sealed class TrainingRun(TrainBytePairOptions options, PieceSplitter splitter, StageContext context)
{
    private const string PiecesFile = "pieces.run";
    private const int MergesAReport = 64;
    private const int MergesAPoint = 1024;

    private readonly TrainingState _state = context.Checkpoints.Latest is { } checkpoint ? TrainingState.Load(checkpoint.Folder) : new();

    /// <summary>Learns the given number of merges.</summary>
    /// <exception cref="InvalidDataException">The documents are too few for that many merges.</exception>
    public (IReadOnlyList<byte[]> Tokens, IReadOnlyList<Merge> Merges) Run(IReadOnlyList<Documents> inputs, int merges, CancellationToken cancellationToken)
    {
        var pieces = _state.Totals is null
            ? Count(inputs, cancellationToken)
            : PieceCounts.All(new PieceRun(Path.Combine(context.Checkpoints.Latest!.Folder, PiecesFile)));
        ReportPieces(pieces, _state.Totals!);
        var trainer = new BytePairTrainer(pieces, options.MergeTies, context.Threads);
        var learned = Learn(trainer, pieces, merges, cancellationToken);
        context.Metrics.Log(MetricNames.BytesPerToken, BytesPerToken(trainer), merges);
        context.Metrics.Log("merges", merges);
        context.Metrics.Log("merges_per_second", merges / Math.Max(1e-9, _state.MergingSeconds));
        return (trainer.Tokens, learned);
    }

    private PieceCounts Count(IReadOnlyList<Documents> inputs, CancellationToken cancellationToken)
    {
        using var counter = new PieceCounter(splitter, context.Threads, new(context.OutputFolder, (long)options.CountingMegabytes << 20));
        if (context.Checkpoints.Latest is { } checkpoint)
        {
            counter.Load(checkpoint.Folder);
        }

        IReadOnlyList<string> files = [.. inputs.SelectMany(documents => documents.Files)];
        var progress = new CountingProgress(context.Progress, files, options.MaximumCharacters);
        var start = context.Time.GetTimestamp();
        var before = _state.CountingSeconds;
        foreach (var batch in new TrainingDocuments(context.Documents, files).Read(_state.Cursor, options.MaximumCharacters - _state.Characters))
        {
            counter.Add(batch.Documents, cancellationToken);
            _state.Cursor = batch.Next;
            _state.Documents += batch.Documents.Count;
            _state.Characters += batch.Characters;
            _state.CountingSeconds = before + context.Time.GetElapsedTime(start).TotalSeconds;
            progress.Report(_state);
            context.Checkpoints.SaveIfDue(_state.Documents, folder =>
            {
                counter.Save(folder);
                _state.Save(folder);
            });
        }

        var pieces = counter.MostFrequent(options.MaximumPieces, out var totals);
        if (counter.TimesSpilled > 0)
        {
            context.Log.Info($"counting_megabytes {options.CountingMegabytes} was full {counter.TimesSpilled} times: pieces were written to files");
        }

        _state.Totals = totals;
        _state.CountingSeconds = before + context.Time.GetElapsedTime(start).TotalSeconds;
        return pieces;
    }

    private void ReportPieces(PieceCounts pieces, PieceTotals totals)
    {
        var leftOut = 1 - ((double)pieces.TextBytes / Math.Max(1, totals.TextBytes));
        context.Log.Info($"learning from {_state.Documents} documents, {_state.Characters} characters");
        if (pieces.Count < totals.Pieces)
        {
            context.Log.Warn(
                $"maximum_pieces {options.MaximumPieces} leaves out the rarest {totals.Pieces - pieces.Count} of {totals.Pieces} unique pieces, which are {leftOut:P2} of the text.");
        }

        context.Metrics.Log("unique_pieces", totals.Pieces);
        context.Metrics.Log("text_megabytes", totals.TextBytes / 1e6);
        context.Metrics.Log("left_out_share", totals.TextBytes == 0 ? 0 : leftOut);
        context.Metrics.Log("counting_megabytes_per_second", totals.TextBytes / 1e6 / Math.Max(1e-9, _state.CountingSeconds));
    }

    private List<Merge> Learn(BytePairTrainer trainer, PieceCounts pieces, int wanted, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        var before = _state.MergingSeconds;
        var merges = new List<Merge>(wanted);
        var repeated = _state.Merges.Count;
        while (merges.Count < wanted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            merges.Add(merges.Count < repeated ? trainer.Repeat(_state.Merges[merges.Count]) : trainer.Next() ?? throw TooFew(merges.Count, wanted));
            if (merges.Count <= repeated)
            {
                continue;
            }

            _state.Merges.Add(merges[^1].Pair);
            if (merges.Count % MergesAPoint == 0 && merges.Count < wanted)
            {
                context.Metrics.Log(MetricNames.BytesPerToken, BytesPerToken(trainer), merges.Count);
            }

            if (merges.Count % MergesAReport == 0 || merges.Count == wanted)
            {
                _state.MergingSeconds = before + context.Time.GetElapsedTime(start).TotalSeconds;
                context.Progress.Report(merges.Count, wanted, "merges", $"{BytesPerToken(trainer):F2} bytes per token");
                context.Checkpoints.SaveIfDue(_state.Documents + merges.Count, folder =>
                {
                    PieceRun.Write(Path.Combine(folder, PiecesFile), pieces.Sorted());
                    _state.Save(folder);
                });
            }
        }

        return merges;
    }

    private InvalidDataException TooFew(int merges, int wanted)
    {
        var largest = options.VocabularySize - wanted + merges;
        return new($"The documents are too few for vocabulary_size {options.VocabularySize}: after {merges} merges every piece is one token. "
            + $"Give more documents, or set vocabulary_size to {largest} or less.");
    }

    private static double BytesPerToken(BytePairTrainer trainer) => (double)trainer.TextBytes / Math.Max(1, trainer.TextTokens);
}
