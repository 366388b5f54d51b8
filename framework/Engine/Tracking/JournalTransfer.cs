using Experiments.Contracts.Tracking;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tracking;

/// <summary>Sends the lines of a journal to a store in chunks. After each chunk it records how much was sent.</summary>
/// <remarks>
/// A process may die between sending a chunk and recording it. So the first chunk after the recorded offset is in
/// doubt, and so is each chunk that failed; for these the store checks what it has. Chunks that start at the same
/// offset always end at the same line, so a repeated chunk contains everything that was sent from there before.
/// Starting with the first chunk, a lease keeps other processes from sending the same journal.
/// </remarks>
internal sealed class JournalTransfer(string journal, ITrackingStore store, TimeProvider time, Action<string> warn) : IDisposable
{
    private const int ChunkLines = 1000;
    private const int ChunkPoints = 1000;

    private readonly HashSet<string> _newRuns = [];
    private SentState _state = SentState.Load(journal, store.Location) ?? new(store.Location, 0, []);
    private long _doubtEnd;
    private Lease? _lease;

    /// <summary>Sends all whole lines; returns their number.</summary>
    /// <exception cref="JournalBusyException">Another process is sending the journal.</exception>
    public async Task<long> SendAsync(Action? onProgress, CancellationToken cancellationToken)
    {
        await TakeLeaseAsync(cancellationToken);
        var sent = 0L;
        while (NextChunk() is { Count: > 0 } chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await SendAsync(chunk, cancellationToken);
            }
            catch
            {
                _doubtEnd = Math.Max(_doubtEnd, chunk[^1].End);
                _newRuns.Clear();
                throw;
            }

            _lease!.MustBeHeld();
            _state = _state with { Offset = chunk[^1].End };
            _state.Save(journal);
            sent += chunk.Count;
            onProgress?.Invoke();
        }

        return sent;
    }

    /// <summary>Number of lines that were not sent yet.</summary>
    public long CountUnsent() => TrackingLines.Read(journal, _state.Offset).LongCount();

    /// <inheritdoc/>
    public void Dispose() => _lease?.Dispose();

    // Read the recorded state only now: another holder of the lease may have sent more since this object was created.
    private async Task TakeLeaseAsync(CancellationToken cancellationToken)
    {
        if (_lease is { IsHeld: true })
        {
            return;
        }

        _lease?.Dispose();
        _lease = null;
        var claim = new LeaseClaim(Path.GetDirectoryName(journal)!, Guid.NewGuid().ToString(), time, SentState.LeaseFile(journal));
        _lease = await claim.TakeUnlessAliveAsync(warn, cancellationToken) ?? throw new JournalBusyException(journal, claim.Holder ?? "another process");
        var state = SentState.Load(journal, store.Location);
        _state = state ?? new(store.Location, 0, []);
        _doubtEnd = state is null ? new FileInfo(journal).Length : state.Offset + 1;
    }

    private List<TrackingLine> NextChunk()
    {
        var chunk = new List<TrackingLine>();
        var points = 0;
        foreach (var line in TrackingLines.Read(journal, _state.Offset))
        {
            chunk.Add(line);
            points += line.Entry is MetricsLogged metrics ? metrics.Points.Count : 0;
            if (chunk.Count == ChunkLines || points >= ChunkPoints)
            {
                break;
            }
        }

        return chunk;
    }

    private async Task SendAsync(List<TrackingLine> chunk, CancellationToken cancellationToken)
    {
        var batches = new OrderedDictionary<string, PendingBatch>();
        foreach (var (entry, end) in chunk)
        {
            switch (entry)
            {
                case null:
                    warn($"tracking: {journal}: the line that ends at byte {end} is damaged and left out");
                    break;
                case RunStarted start:
                    await StartAsync(start, cancellationToken);
                    break;
                case var _ when !_state.Runs.ContainsKey(entry.Run):
                    warn($"tracking: {journal}: run '{entry.Run}' was never started; a line of it is left out");
                    break;
                case ArtifactLogged artifact:
                    await SendArtifactAsync(artifact, cancellationToken);
                    break;
                case RunEnded finish:
                    await FlushAsync(finish.Run);
                    await store.EndRunAsync(_state.Runs[finish.Run], finish.ToEnd(), cancellationToken);
                    break;
                default:
                    if (!batches.TryGetValue(entry.Run, out var batch))
                    {
                        batches[entry.Run] = batch = new PendingBatch();
                    }

                    batch.Add(entry);
                    break;
            }
        }

        while (batches.Count > 0)
        {
            await FlushAsync(batches.GetAt(0).Key);
        }

        async Task FlushAsync(string run)
        {
            if (batches.Remove(run, out var batch))
            {
                await store.LogAsync(_state.Runs[run], batch.ToBatch(), IsInDoubt(run), cancellationToken);
            }
        }
    }

    private async Task StartAsync(RunStarted start, CancellationToken cancellationToken)
    {
        if (_state.Runs.TryGetValue(start.Run, out var known))
        {
            if (start.Sharing == RunSharing.Guest)
            {
                return;
            }

            await store.ResumeRunAsync(known, cancellationToken);
            await TagAsync(known, start, cancellationToken);
            return;
        }

        var parent = start.Parent is null ? null : _state.Runs.GetValueOrDefault(start.Parent);
        if (start.Parent is not null && parent is null)
        {
            warn($"tracking: {journal}: run '{start.Run}' names a parent that was never started, '{start.Parent}'; it is sent without a parent");
        }

        var run = await store.StartRunAsync(start.ToStart(), parent, IsInDoubt(start.Run) || start.Sharing != RunSharing.None, cancellationToken);
        _state.Runs[start.Run] = run.Id;
        if (run.IsNew)
        {
            _newRuns.Add(start.Run);
        }
        else if (start.Sharing == RunSharing.Owner)
        {
            await TagAsync(run.Id, start, cancellationToken); // a guest's journal was sent first, without tags
        }
    }

    private Task TagAsync(string id, RunStarted start, CancellationToken cancellationToken) =>
        store.LogAsync(id, new TrackedBatch { Tags = start.Tags }, inDoubt: false, cancellationToken);

    private async Task SendArtifactAsync(ArtifactLogged artifact, CancellationToken cancellationToken)
    {
        var file = Path.GetFullPath(artifact.File, Path.GetDirectoryName(journal)!);
        try
        {
            await RegularFile.Open(file).DisposeAsync(); // a pipe would be waited for
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            warn($"tracking: artifact {file} cannot be read and was not sent: {absent.Message}");
            return;
        }

        await store.LogArtifactAsync(_state.Runs[artifact.Run], file, artifact.Path, cancellationToken);
    }

    private bool IsInDoubt(string run) => _state.Offset < _doubtEnd && !_newRuns.Contains(run);
}
