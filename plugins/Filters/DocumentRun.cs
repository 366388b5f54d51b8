using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>One run of <c>process-documents</c>: reads, filters, writes, counts, and knows how to go on after an interruption.</summary>
internal sealed class DocumentRun
{
    private const string CountsFile = "counts.json";
    private const int DocumentsPerBatch = 512;
    private const int CharactersPerBatch = 16_000_000;

    private readonly StageContext _context;
    private readonly IReadOnlyList<FilterStep> _steps;
    private readonly ShardWriter _kept;
    private readonly ShardWriter _dropped;
    private ProcessCounts _counts = new();

    public DocumentRun(ProcessDocumentsOptions options, StageContext context)
    {
        _context = context;
        _steps = FilterStep.CreateAll(options.Steps);
        _kept = new(context.Documents, context.Part("documents"), options.DocumentsPerShard);
        _dropped = new(context.Documents, context.Part("dropped"), options.DocumentsPerShard);
    }

    public void Process(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
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
                foreach (var batch in Prefetch(Batches(_context.Documents.ReadFile(files[done]))))
                {
                    Filter(batch, cancellationToken);
                    _context.Progress.Report(_counts.Read, null, "documents", $"file {done + 1} of {files.Count}, {_counts.KeptShare:P0} kept");
                }

                _kept.EndShard();
                _dropped.EndShard();
                _counts.Files++;
                _counts.Seconds = secondsBefore + _context.Time.GetElapsedTime(started).TotalSeconds;
                foreach (var (reason, count) in _context.Documents.Skipped)
                {
                    _counts.Skipped[reason] = skippedBefore.GetValueOrDefault(reason) + count;
                }

                _context.Metrics.Log("documents_read", _counts.Read, _counts.Files);
                _context.Metrics.Log("kept_share", _counts.KeptShare, _counts.Files);
                _context.Checkpoints.SaveIfDue(_counts.Files, Save);
            }
        }

        _counts.Log(_context.Metrics, _steps);
    }

    private void Filter(IReadOnlyList<Document> batch, CancellationToken cancellationToken)
    {
        var journeys = batch.Select(document => new Journey(document)).ToArray();
        for (var first = 0; first < _steps.Count;)
        {
            var ordered = _steps[first].IsOrdered;
            var steps = _steps.Skip(first).TakeWhile((step, i) => ordered ? i == 0 : !step.IsOrdered).ToList();
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = ordered ? 1 : _context.Threads, CancellationToken = cancellationToken };
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
                Parallel.ForEach(journeys, parallel, journey => journey.Take(steps, _context.Time));
            }

            journeys.Select(journey => journey.Failure).FirstOrDefault(failure => failure is not null)?.Throw();
            first += steps.Count;
        }

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
            ?? throw new InvalidDataException($"{folder}: {CountsFile} holds no counts.");
        _kept.Load(Path.Combine(folder, "documents"));
        _dropped.Load(Path.Combine(folder, "dropped"));
        foreach (var step in _steps)
        {
            step.Load(folder);
            step.Seconds = _counts.StepSeconds.GetValueOrDefault(step.Name);
        }
    }

    /// <summary>Bounded in documents and in characters: pages may be large.</summary>
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
