using System.Text.Json;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tracking;

/// <summary>
/// All that is tracked of a run, first appended here: one JSON object a line, each line written whole. A <see cref="TrackingSender"/> sends it on,
/// now or later.
/// </summary>
/// <remarks>
/// Safe for several threads; one process writes a journal at a time. A line that a killed process left unfinished is cut off when the journal is
/// opened again. A run that resumes behind a checkpoint records some steps a second time: the first value of a (run, metric, step) counts, later ones
/// are not journaled.
/// </remarks>
public sealed class TrackingJournal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly FileStream _file;
    private readonly RecordedSteps _recorded = new();
    private long _length;

    private TrackingJournal(string path, TimeProvider time)
    {
        FilePath = path;
        _time = time;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Raised behind each append, on the thread that made it.</summary>
    public event Action? Appended;

    /// <summary>Opens a journal, or begins one; its folder is made when needed.</summary>
    public static TrackingJournal Open(string path, TimeProvider time)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var journal = new TrackingJournal(path, time);
        foreach (var line in TrackingLines.Read(path, 0))
        {
            journal._length = line.End;
            if (line.Entry is MetricsLogged metrics)
            {
                journal._recorded.AddAll(metrics);
            }
        }

        journal._file.SetLength(journal._length);
        return journal;
    }

    /// <summary>Says that a run begins, or that a resumed one goes on under the same id.</summary>
    /// <param name="run">Local id, unique over all machines: the run's id, and <c>RUN/STAGE</c> for a stage of it.</param>
    /// <param name="name">What people read.</param>
    /// <param name="parent">Local id of the run that it is nested in; it must have been started.</param>
    /// <param name="tags">Tags to begin with.</param>
    public void StartRun(string run, string name, string? parent = null, IReadOnlyDictionary<string, string>? tags = null) =>
        Append(new RunStarted(run, name, parent, Now(), tags ?? new Dictionary<string, string>()));

    /// <summary>Says that a run begins, or goes on, which other journals join.</summary>
    /// <param name="run">Local id, unique over all machines.</param>
    /// <param name="name">What people read.</param>
    /// <param name="tags">Tags to begin with.</param>
    public void StartSharedRun(string run, string name, IReadOnlyDictionary<string, string> tags) => Append(new RunStarted(run, name, null, Now(), tags, RunSharing.Owner));

    /// <summary>Names a run of another journal, so that runs of this one can be nested in it. Whichever journal is sent first makes it.</summary>
    /// <param name="run">Its local id.</param>
    /// <param name="name">What people read.</param>
    public void JoinRun(string run, string name) => Append(new RunStarted(run, name, null, Now(), new Dictionary<string, string>(), RunSharing.Guest));

    /// <summary>Records settings: a param keeps the first value that it gets.</summary>
    public void LogParams(string run, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count > 0)
        {
            Append(new ParamsLogged(run, values));
        }
    }

    /// <summary>Records figures. Steps that are already in the journal are left out; so is a result without a step that has not changed.</summary>
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

    /// <summary>The step behind the last one that a run has of the metrics whose names begin alike; 0 when it has none.</summary>
    /// <param name="run">Local id.</param>
    /// <param name="prefix">What their names begin with.</param>
    public long NextStep(string run, string prefix)
    {
        lock (_gate)
        {
            return _recorded.NextStep(run, prefix);
        }
    }

    /// <summary>Sets tags: a tag keeps the last value that it gets.</summary>
    public void SetTags(string run, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count > 0)
        {
            Append(new TagsSet(run, values));
        }
    }

    /// <summary>Records a data set that the run reads.</summary>
    /// <param name="run">Local id.</param>
    /// <param name="name">What people read.</param>
    /// <param name="digest">Digest of its content.</param>
    /// <param name="source">Path or URL.</param>
    public void LogInput(string run, string name, string digest, string source) => Append(new InputLogged(run, name, digest, source));

    /// <summary>Hands in a file, or all files of a folder, for upload. They must stay where they are until they are sent.</summary>
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

    /// <summary>Says that a run came to its end.</summary>
    /// <param name="run">Local id.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="ended">When. Default: now.</param>
    public void EndRun(string run, TrackedStatus status, DateTimeOffset? ended = null) =>
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

    // At a place of our own, not at the file's end: what a failed write (disk full) left behind is written over by the next.
    private void Write(TrackingEntry entry)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, TrackingJson.Default.TrackingEntry), (byte)'\n'];
        FaultPoint.Reach();
        RandomAccess.Write(_file.SafeFileHandle, line, _length);
        _length += line.Length;
    }
}
