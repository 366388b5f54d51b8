using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;

namespace Experiments.Engine.Workers;

/// <summary>The worker's end of the line to the host: progress, log and metrics; the metrics are also kept in the attempt's own file.</summary>
public sealed class WorkerChannel(TextWriter host, TimeProvider time) : IMetrics, IStageProgress, IStageLog, IDisposable
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private FileStream? _metrics;
    private long _lastProgress;

    /// <summary>Puts the metrics so far on the disk.</summary>
    /// <returns>Their length in bytes.</returns>
    public long FlushMetrics()
    {
        lock (_gate)
        {
            _metrics?.Flush(flushToDisk: true);
            return _metrics?.Length ?? 0;
        }
    }

    /// <summary>Starts the metrics file, with the lines that a resumed stage recorded up to its checkpoint.</summary>
    public void OpenMetrics(string path, ReadOnlySpan<byte> recorded)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _metrics = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        _metrics.Write(recorded);
    }

    /// <summary>Tells the host. A host that is gone is not waited for.</summary>
    public void Send(WorkerEvent message)
    {
        lock (_gate)
        {
            try
            {
                host.WriteLine(message.ToLine());
                host.Flush();
            }
            catch (IOException)
            {
                // The host died; its end of standard input, closed with it, interrupts the stage.
            }
        }
    }

    /// <inheritdoc/>
    public void Log(string name, double value, long? step = null)
    {
        var point = new MetricPoint(name, value, step, time.GetUtcNow());
        lock (_gate)
        {
            _metrics?.Write(System.Text.Encoding.UTF8.GetBytes(MetricLines.Write(point) + "\n"));
            Send(new Measured(name, value, step, point.Time));
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
    public void Dispose() => _metrics?.Dispose();
}
