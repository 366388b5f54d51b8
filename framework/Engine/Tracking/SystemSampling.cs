using Experiments.Contracts.Running;

namespace Experiments.Engine.Tracking;

/// <summary>Records the machine's figures with a run while it goes on. A sample that fails disturbs nothing: it is said once and left out.</summary>
/// <param name="journal">Takes the figures.</param>
/// <param name="metrics">Gives them.</param>
/// <param name="every">Time between two samples. From one second to one day; what lies outside counts as the nearer end.</param>
/// <param name="time">Paces and dates them.</param>
/// <param name="warn">Takes what the user should know.</param>
public sealed class SystemSampling(TrackingJournal journal, SystemMetrics metrics, TimeSpan every, TimeProvider time, Action<string> warn) : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();

    /// <summary>Begins, or goes on behind the last step that the journal has of this run.</summary>
    /// <param name="run">Local id of a run that was started.</param>
    public void Start(string run)
    {
        var stop = _stop.Token;
        var timer = new PeriodicTimer(TimeSpan.FromTicks(Math.Clamp(every.Ticks, Shortest.Ticks, Longest.Ticks)), time);
        _ = Task.Run(() => SampleAsync(run, timer, stop), CancellationToken.None);
    }

    /// <summary>Stops at once: nothing is recorded any more when this returns.</summary>
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
                        warn($"tracking: a sample of the system metrics is left out ({failure.Message}); the run goes on");
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
