using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// One run of <c>process-documents</c>: reads, filters, writes and counts documents, and can resume after an
/// interruption.
/// </summary>
internal sealed class DocumentRun
{
    private const string CountsFile = "counts.json";
    private const int DocumentsPerBatch = 512;
    private const int CharactersPerBatch = 16_000_000;

    private readonly StageContext _context;
    private readonly IReadOnlyList<FilterStep> _steps;
    private readonly IReadOnlyList<FilterStep> _head;
    private readonly IReadOnlyList<FilterStep> _tail;
    private readonly ShardWriter _kept;
    private readonly ShardWriter _dropped;
    private ProcessCounts _counts = new();

    public DocumentRun(ProcessDocumentsOptions options, StageContext context)
    {
        _context = context;
        _steps = FilterStep.CreateAll(options.Steps);
        _head = [.. _steps.TakeWhile(step => !step.IsOrdered)];
        _tail = [.. _steps.Skip(_head.Count)];
        _kept = new(context.Documents, context.Part("documents"), options.DocumentsPerShard);
        _dropped = new(context.Documents, context.Part("dropped"), options.DocumentsPerShard);
    }

    public void Process(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var shards = FilterInShards(files, cancellationToken);
        if (_context.Checkpoints.Latest is { } checkpoint)
        {
            Load(checkpoint.Folder);
        }

        var skippedBefore = new Dictionary<string, long>(_counts.Skipped);
        var secondsBefore = _counts.Seconds;
        var started = _context.Time.GetTimestamp();
        using (_kept)
        using (_dropped)
        {
            for (var done = _counts.Files; done < files.Count; done = _counts.Files)
            {
                foreach (var batch in shards is null ? Read(files, done, cancellationToken) : DocumentShard.Read(_context.Documents, shards[done], _head).Chunk(DocumentsPerBatch))
                {
                    Filter(batch, _tail, cancellationToken);
                    Write(batch);
                    _context.Progress.Report(_counts.Read, null, "documents", $"file {done + 1} of {files.Count}, {_counts.KeptShare:P0} kept");
                }

                _kept.EndShard();
                _dropped.EndShard();
                _counts.Files++;
                _counts.Seconds = secondsBefore + _context.Time.GetElapsedTime(started).TotalSeconds;
                if (shards is null)
                {
                    foreach (var (reason, count) in _context.Documents.Skipped)
                    {
                        _counts.Skipped[reason] = skippedBefore.GetValueOrDefault(reason) + count;
                    }
                }
                else
                {
                    Count(shards[done]);
                }

                _context.Metrics.Log(MetricNames.DocumentsRead, _counts.Read, _counts.Files);
                _context.Metrics.Log("kept_share", _counts.KeptShare, _counts.Files);
                _context.Checkpoints.SaveIfDue(_counts.Files, Save);
            }
        }

        _counts.Log(_context.Metrics, _steps);
    }

    /// <summary>
    /// Filters the files in several processes. Returns the files' shards, or null if the stage runs in one process. The
    /// time that the steps took is recorded in each shard, so this process's own measurements are reset.
    /// </summary>
    private IReadOnlyList<string>? FilterInShards(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var shards = _context.Shards?.Complete(files.Count, (file, folder) => DocumentShard.Write(
            _context.Documents, folder, Read(files, file, cancellationToken).SelectMany(batch => batch), _head));
        foreach (var step in _head)
        {
            step.Seconds = 0;
        }

        return shards;
    }

    /// <summary>Reads a file and applies to its documents the steps before the first ordered filter.</summary>
    private IEnumerable<IReadOnlyList<Journey>> Read(IReadOnlyList<string> files, int file, CancellationToken cancellationToken)
    {
        foreach (var batch in Prefetch(Batches(_context.Documents.ReadFile(files[file]))))
        {
            var journeys = batch.Select(document => new Journey(document)).ToArray();
            Filter(journeys, _head, cancellationToken);
            yield return journeys;
        }
    }

    private void Filter(IReadOnlyList<Journey> journeys, IReadOnlyList<FilterStep> through, CancellationToken cancellationToken)
    {
        for (var first = 0; first < through.Count;)
        {
            var ordered = through[first].IsOrdered;
            var steps = through.Skip(first).TakeWhile((step, i) => ordered ? i == 0 : !step.IsOrdered).ToList();
            if (ordered)
            {
                foreach (var journey in journeys)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    journey.Take(steps, _context.Time);
                }
            }
            else
            {
                Parallel.ForEach(
                    journeys, new ParallelOptions { MaxDegreeOfParallelism = _context.Threads, CancellationToken = cancellationToken }, journey => journey.Take(steps, _context.Time));
            }

            journeys.Select(journey => journey.Failure).FirstOrDefault(failure => failure is not null)?.Throw();
            first += steps.Count;
        }
    }

    private void Write(IEnumerable<Journey> journeys)
    {
        foreach (var journey in journeys)
        {
            _counts.Add(journey);
            if (journey.DroppedBy is { } step)
            {
                _dropped.Write(journey.Document.With("dropped_by", step.Name).With("dropped_for", journey.DroppedFor!));
            }
            else
            {
                _kept.Write(journey.Document);
            }
        }
    }

    /// <summary>Adds the counts that another process recorded for an input file.</summary>
    private void Count(string shard)
    {
        var (skipped, seconds) = DocumentShard.ReadCounts(shard);
        foreach (var (reason, count) in skipped)
        {
            _counts.Skipped[reason] = _counts.Skipped.GetValueOrDefault(reason) + count;
        }

        foreach (var (step, spent) in _head.Zip(seconds))
        {
            step.Seconds += spent;
        }
    }

    private void Save(string folder)
    {
        _kept.Save(Path.Combine(folder, "documents"));
        _dropped.Save(Path.Combine(folder, "dropped"));
        foreach (var step in _steps)
        {
            step.Save(folder);
        }

        _counts.StepSeconds = _steps.ToDictionary(step => step.Name, step => step.Seconds);
        File.WriteAllText(Path.Combine(folder, CountsFile), JsonSerializer.Serialize(_counts));
    }

    private void Load(string folder)
    {
        _counts = JsonSerializer.Deserialize<ProcessCounts>(File.ReadAllText(Path.Combine(folder, CountsFile)))
            ?? throw new InvalidDataException($"{folder}: {CountsFile} is empty.");
        _kept.Load(Path.Combine(folder, "documents"));
        _dropped.Load(Path.Combine(folder, "dropped"));
        foreach (var step in _steps)
        {
            step.Load(folder);
            step.Seconds = _counts.StepSeconds.GetValueOrDefault(step.Name);
        }
    }

    /// <summary>
    /// Groups documents into batches that are limited both in documents and in characters, because pages may be large.
    /// </summary>
    private static IEnumerable<IReadOnlyList<Document>> Batches(IEnumerable<Document> documents)
    {
        List<Document> batch = [];
        var characters = 0L;
        foreach (var document in documents)
        {
            batch.Add(document);
            characters += document.Text.Length;
            if (batch.Count == DocumentsPerBatch || characters >= CharactersPerBatch)
            {
                yield return batch;
                batch = [];
                characters = 0;
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <summary>Reads the next batch while the last one is being filtered.</summary>
    private static IEnumerable<T> Prefetch<T>(IEnumerable<T> source)
        where T : class
    {
        using var items = source.GetEnumerator();
        var next = Task.Run(() => items.MoveNext() ? items.Current : null);
        try
        {
            while (next.GetAwaiter().GetResult() is { } item)
            {
                next = Task.Run(() => items.MoveNext() ? items.Current : null);
                yield return item;
            }
        }
        finally
        {
            Task.WaitAny(next);
        }
    }
}
