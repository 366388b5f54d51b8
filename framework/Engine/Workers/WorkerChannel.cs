using System.Security.Cryptography;
using System.Text;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>
/// Sends progress, log and metrics from the worker to the host. It also writes the metrics to the attempt's own file.
/// </summary>
public sealed class WorkerChannel(TextWriter host, TimeProvider time) : IMetrics, IStageProgress, IStageLog, IDisposable
{
    private const int LongestName = 250; // the limit of MLflow
    private const int MostNames = 10_000;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly IncrementalHash _metricsHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HashSet<string> _names = [];
    private FileStream? _metrics;
    private long _lastProgress;
    private bool _isClosed;

    /// <summary>Flushes the metrics so far to the disk.</summary>
    /// <returns>Their length in bytes, and their SHA-256.</returns>
    public (long Length, string Sha256) FlushMetrics()
    {
        lock (_gate)
        {
            _metrics?.Flush(flushToDisk: true);
            return (_metrics?.Length ?? 0, Convert.ToHexStringLower(_metricsHash.GetCurrentHash()));
        }
    }

    /// <summary>Creates the metrics file, with the lines that a resumed stage recorded up to its checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="recorded">The file that begins with these lines; null for none.</param>
    /// <param name="length">The length of these lines. Unit: bytes.</param>
    public void OpenMetrics(string path, string? recorded, long length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _metrics = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        if (recorded is not null)
        {
            FileBeginning.Read(recorded, length, Record);
        }
    }

    /// <summary>
    /// Sends an event to the host. Does nothing when the host is gone, or after a <see cref="LastWord"/>: threads that
    /// the stage left running have nothing more to say.
    /// </summary>
    public void Send(WorkerEvent message)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = message is LastWord;
            try
            {
                host.WriteLine(message.ToLine());
                host.Flush();
            }
            catch (IOException)
            {
                // The host died. Its death also closed standard input, which interrupts the stage.
            }
        }
    }

    /// <inheritdoc/>
    public void Log(string name, double value, long? step = null)
    {
        var point = new MetricPoint(name, value, step, time.GetUtcNow());
        lock (_gate)
        {
            RefuseUnusable(name);
            if (!_isClosed)
            {
                _names.Add(name);
                Record(Encoding.UTF8.GetBytes(MetricLines.Write(point) + "\n"));
                Send(new Measured(name, value, step, point.Time));
            }
        }
    }

    /// <inheritdoc/>
    public void Report(double done, double? total, string unit, string? note = null)
    {
        lock (_gate)
        {
            var isLast = total is { } all && done >= all;
            if (_lastProgress == 0 || isLast || time.GetElapsedTime(_lastProgress) >= ProgressInterval)
            {
                _lastProgress = time.GetTimestamp();
                Send(new Progressed(done, total, unit, note));
            }
        }
    }

    /// <inheritdoc/>
    public void Info(string message) => Send(new Logged(IsWarning: false, message));

    /// <inheritdoc/>
    public void Warn(string message) => Send(new Logged(IsWarning: true, message));

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics?.Dispose();
        _metricsHash.Dispose();
    }

    private void Record(ReadOnlySpan<byte> bytes)
    {
        _metrics?.Write(bytes);
        _metricsHash.AppendData(bytes);
    }

    private void RefuseUnusable(string? name)
    {
        if (name is not null && _names.Count == MostNames && !_names.Contains(name))
        {
            throw new ArgumentException($"The stage records more than {MostNames:N0} different metrics. Put what changes into the step, not into the name.");
        }

        var fault = string.IsNullOrWhiteSpace(name) ? $"is {(name is null ? "null" : "empty")}"
            : name.Length > LongestName ? $"'{VisibleText.Escape(name[..20])}...' has {name.Length} characters"
            : VisibleText.Disarm(name) != name || name.Any(char.IsControl) ? $"'{VisibleText.Escape(name)}' has a control character"
            : null;
        if (fault is not null)
        {
            throw new ArgumentException($"The name of a metric {fault}. Give it 1 to {LongestName} visible characters, such as validation_loss.");
        }
    }
}
