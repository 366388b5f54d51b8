using System.Text.Json;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tracking;

/// <summary>
/// The journal of everything that is tracked about a run: one JSON object per line, each line appended in one write. A
/// <see cref="TrackingSender"/> sends it, now or later.
/// </summary>
/// <remarks>
/// Thread-safe, but only one process may write a journal at a time: the one that has the lease of its folder. Opening a
/// journal copies its complete lines to a new file, which then gets the journal's name, so a process that lost the lease
/// cannot mix lines in. An incomplete line, which a killed process leaves, is not copied. A run that resumes from a checkpoint logs some steps a second time. For
/// each run, metric and step, only the first value is written.
/// </remarks>
public sealed class TrackingJournal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly FileStream _file;
    private readonly Lease? _lease;
    private readonly RecordedSteps _recorded;
    private long _length;

    private TrackingJournal(string path, FileStream file, RecordedSteps recorded, TimeProvider time, Lease? lease)
    {
        (FilePath, _file, _recorded, _time, _lease) = (path, file, recorded, time, lease);
        _length = file.Length;
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Raised after each append, on the thread that appended.</summary>
    public event Action? Appended;

    /// <summary>Opens a journal, or creates it, with its folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lease">The lease of the journal's folder. Nothing is written after it is lost.</param>
    public static TrackingJournal Open(string path, TimeProvider time, Lease? lease = null)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        lease?.MustBeHeld();
        var (recorded, length) = (new RecordedSteps(), 0L);
        foreach (var line in TrackingLines.Read(path, 0))
        {
            length = line.End;
            if (line.Entry is MetricsLogged metrics)
            {
                recorded.AddAll(metrics);
            }
        }

        return new(path, DurableFiles.Reopen(path, target => TrackingLines.Copy(path, length, target)), recorded, time, lease);
    }

    /// <summary>Records that a run starts, or that it resumes under the same id.</summary>
    /// <param name="run">Local id, unique over all machines: the run's id, and <c>RUN/STAGE</c> for a stage of
    /// it.</param>
    /// <param name="name">The name to show.</param>
    /// <param name="parent">Local id of the run that it is nested in; it must have been started.</param>
    /// <param name="tags">Its first tags.</param>
    public void StartRun(string run, string name, string? parent = null, IReadOnlyDictionary<string, string>? tags = null) =>
        Append(new RunStarted(run, name, parent, Now(), tags ?? new Dictionary<string, string>()));

    /// <summary>Records that a run starts or resumes, which other journals join.</summary>
    /// <param name="run">Local id, unique over all machines.</param>
    /// <param name="name">The name to show.</param>
    /// <param name="tags">Its first tags.</param>
    public void StartSharedRun(string run, string name, IReadOnlyDictionary<string, string> tags) => Append(new RunStarted(run, name, null, Now(), tags, RunSharing.Owner));

    /// <summary>
    /// Declares a run of another journal, so that runs of this journal can be nested in it. The journal that is sent
    /// first creates the run.
    /// </summary>
    /// <param name="run">Its local id.</param>
    /// <param name="name">The name to show.</param>
    public void JoinRun(string run, string name) => Append(new RunStarted(run, name, null, Now(), new Dictionary<string, string>(), RunSharing.Guest));

    /// <summary>Records params. A param keeps its first value.</summary>
    public void LogParams(string run, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count > 0)
        {
            Append(new ParamsLogged(run, values));
        }
    }

    /// <summary>
    /// Records metrics. Steps that are already in the journal are left out, and so are unchanged results without a
    /// step.
    /// </summary>
    public void LogMetrics(string run, IEnumerable<MetricPoint> points)
    {
        lock (_gate)
        {
            var fresh = points.Where(point => _recorded.Add(run, point.Name, point.Step, point.Value))
                .Select(point => new TrackedPoint(point.Name, point.Value, point.Step ?? 0, point.Time.ToUnixTimeMilliseconds())).ToList();
            if (fresh.Count == 0)
            {
                return;
            }

            Write(new MetricsLogged(run, fresh));
        }

        Appended?.Invoke();
    }

    /// <summary>The first unused step among the run's metrics with this prefix; 0 if there are none.</summary>
    /// <param name="run">Local id.</param>
    /// <param name="prefix">The beginning of the metrics' names.</param>
    public long NextStep(string run, string prefix)
    {
        lock (_gate)
        {
            return _recorded.NextStep(run, prefix);
        }
    }

    /// <summary>Sets tags. A tag keeps its last value.</summary>
    public void SetTags(string run, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count > 0)
        {
            Append(new TagsSet(run, values));
        }
    }

    /// <summary>Records a data set that the run reads.</summary>
    /// <param name="run">Local id.</param>
    /// <param name="name">The name to show.</param>
    /// <param name="digest">Digest of its content.</param>
    /// <param name="source">Path or URL.</param>
    public void LogInput(string run, string name, string digest, string source) => Append(new InputLogged(run, name, digest, source));

    /// <summary>
    /// Records a file, or all files of a folder, for upload. The files must stay in place until they are sent.
    /// </summary>
    /// <param name="run">Local id.</param>
    /// <param name="file">The file or folder.</param>
    /// <param name="artifactPath">Its path among the run's artifacts. Default: its own name.</param>
    public void LogArtifact(string run, string file, string? artifactPath = null)
    {
        file = Path.GetFullPath(file);
        artifactPath ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(file));
        if (!Directory.Exists(file))
        {
            Append(new ArtifactLogged(run, Path.GetRelativePath(Path.GetDirectoryName(FilePath)!, file), artifactPath));
            return;
        }

        foreach (var part in Directory.EnumerateFiles(file, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            LogArtifact(run, part, $"{artifactPath}/{Path.GetRelativePath(file, part)}");
        }
    }

    /// <summary>Records the end of a run.</summary>
    /// <param name="run">Local id.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="ended">When. Default: now.</param>
    public void EndRun(string run, EndStatus status, DateTimeOffset? ended = null) =>
        Append(new RunEnded(run, status, ended?.ToUnixTimeMilliseconds() ?? Now()));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _file.Flush(flushToDisk: true);
            _file.Dispose();
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Append(TrackingEntry entry)
    {
        lock (_gate)
        {
            Write(entry);
        }

        Appended?.Invoke();
    }

    // After the lease is lost, another process has the run and its journal; the run is being stopped.
    // Write at our own offset, not at the end of the file, so that the next write overwrites what a failed one (disk full) left behind.
    private void Write(TrackingEntry entry)
    {
        if (_lease is { IsHeld: false })
        {
            return;
        }

        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, TrackingJson.Default.TrackingEntry), (byte)'\n'];
        FaultPoint.Reach();
        RandomAccess.Write(_file.SafeFileHandle, line, _length);
        _length += line.Length;
    }
}
