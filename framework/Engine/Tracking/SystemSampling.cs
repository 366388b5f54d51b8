using Experiments.Contracts.Running;

namespace Experiments.Engine.Tracking;

/// <summary>
/// Samples the machine's load while a run is in progress. A failed sample does not disturb the run: it is left out,
/// with one warning.
/// </summary>
/// <param name="journal">Receives the samples.</param>
/// <param name="metrics">Takes the samples.</param>
/// <param name="every">Time between two samples. Values outside of one second to one day are set to the nearer
/// limit.</param>
/// <param name="time">The clock.</param>
/// <param name="warn">Receives warnings for the user.</param>
public sealed class SystemSampling(TrackingJournal journal, SystemMetrics metrics, TimeSpan every, TimeProvider time, Action<string> warn) : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();

    /// <summary>Starts sampling, at the step after the last one that the journal has for this run.</summary>
    /// <param name="run">Local id of a run that was started.</param>
    public void Start(string run)
    {
        var stop = _stop.Token;
        var timer = new PeriodicTimer(TimeSpan.FromTicks(Math.Clamp(every.Ticks, Shortest.Ticks, Longest.Ticks)), time);
        _ = Task.Run(() => SampleAsync(run, timer, stop), CancellationToken.None);
    }

    /// <summary>Stops at once. Nothing is recorded after it returns.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_stop.IsCancellationRequested)
            {
                _stop.Cancel();
                _stop.Dispose();
            }
        }
    }

    private async Task SampleAsync(string run, PeriodicTimer timer, CancellationToken stop)
    {
        using var ticks = timer;
        var step = journal.NextStep(run, SystemMetrics.Prefix);
        var failureWasSaid = false;
        try
        {
            for (var isFirst = true; isFirst || await timer.WaitForNextTickAsync(stop).ConfigureAwait(false); isFirst = false)
            {
                try
                {
                    var figures = await metrics.SampleAsync(stop).ConfigureAwait(false);
                    if (!isFirst) // from which utilization is counted
                    {
                        Record(run, figures, step++, stop);
                    }
                }
                catch (Exception failure) when (!stop.IsCancellationRequested)
                {
                    if (!failureWasSaid)
                    {
                        failureWasSaid = true;
                        warn($"tracking: a sample of the system metrics is left out ({failure.Message}); the run continues");
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void Record(string run, IReadOnlyDictionary<string, double> figures, long step, CancellationToken stop)
    {
        lock (_gate)
        {
            if (!stop.IsCancellationRequested)
            {
                var now = time.GetUtcNow();
                journal.LogMetrics(run, figures.Select(figure => new MetricPoint(figure.Key, figure.Value, step, now)));
            }
        }
    }
}
