using Experiments.Contracts.Tracking;

namespace Experiments.Engine.Tracking;

/// <summary>
/// Sends a journal to a store in the background during a run. An outage does not slow the run down or make it fail. It
/// causes one warning; the rest stays in the journal, and the next run or <c>lab sync</c> sends it.
/// </summary>
public sealed class TrackingSender : IAsyncDisposable
{
    private static readonly TimeSpan GatherTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastTryPause = TimeSpan.FromMilliseconds(250);

    private readonly TrackingJournal _journal;
    private readonly JournalTransfer _transfer;
    private readonly ITrackingStore _store;
    private readonly TimeProvider _time;
    private readonly Action<string> _warn;
    private readonly SemaphoreSlim _appended = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private bool _outageWasSaid;

    private TrackingSender(TrackingJournal journal, ITrackingStore store, TimeProvider time, Action<string> warn)
    {
        (_journal, _store, _time, _warn) = (journal, store, time, warn);
        _transfer = new JournalTransfer(journal.FilePath, store, time, warn);
        journal.Appended += Signal;
        _loop = Task.Run(LoopAsync, CancellationToken.None);
    }

    /// <summary>Starts sending.</summary>
    /// <param name="journal">The journal. Lines that an earlier process did not send are sent first.</param>
    /// <param name="store">The store, which the sender disposes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="warn">Receives warnings for the user.</param>
    public static TrackingSender Start(TrackingJournal journal, ITrackingStore store, TimeProvider time, Action<string> warn) =>
        new(journal, store, time, warn);

    /// <summary>Sends all lines of a journal that a store does not have yet.</summary>
    /// <returns>Number of lines sent.</returns>
    /// <exception cref="TrackingUnavailableException">The store could not be reached. What was sent before stays
    /// sent.</exception>
    /// <exception cref="JournalBusyException">Another process is sending the journal.</exception>
    public static async Task<long> SyncAsync(string journal, ITrackingStore store, TimeProvider time, Action<string> warn, CancellationToken cancellationToken = default)
    {
        using var transfer = new JournalTransfer(Path.GetFullPath(journal), store, time, warn);
        return await transfer.SendAsync(onProgress: null, cancellationToken);
    }

    /// <summary>
    /// Sends the rest and stops. Gives up after <paramref name="patience"/> without success. Never throws.
    /// </summary>
    /// <param name="patience">How long to try without success. Default: 5 s.</param>
    /// <returns>Whether all was sent.</returns>
    public async Task<bool> FinishAsync(TimeSpan? patience = null)
    {
        await StopLoopAsync();
        var wait = patience ?? TimeSpan.FromSeconds(5);
        using var deadline = new CancellationTokenSource(wait, _time);
        while (!deadline.IsCancellationRequested)
        {
            if (await TrySendAsync(() => deadline.CancelAfter(wait), deadline.Token))
            {
                return true;
            }

            await Task.Delay(LastTryPause, _time, deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _warn($"tracking: {_transfer.CountUnsent()} lines did not reach {_store.Location} and are kept in {_journal.FilePath}; `lab sync` sends them");
        return false;
    }

    /// <summary>Stops without sending the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopLoopAsync();
        _transfer.Dispose();
        _store.Dispose();
        _stop.Dispose();
        _appended.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var sent = await TrySendAsync(onProgress: null, _stop.Token);
            await Task.Delay(sent ? GatherTime : OutagePause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (sent)
            {
                await _appended.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> TrySendAsync(Action? onProgress, CancellationToken cancellationToken)
    {
        try
        {
            await _transfer.SendAsync(onProgress, cancellationToken);
            _outageWasSaid = false;
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (JournalBusyException)
        {
            return false; // `lab sync` is sending it and will soon be done
        }
        catch (Exception outage)
        {
            if (!_outageWasSaid)
            {
                _outageWasSaid = true;
                _warn($"tracking: {_store.Location} accepts no data at the moment ({outage.Message}); the run continues, and its tracking data is kept in {_journal.FilePath}");
            }

            return false;
        }
    }

    private async Task StopLoopAsync()
    {
        _journal.Appended -= Signal;
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Signal()
    {
        try
        {
            _appended.Release();
        }
        catch (SemaphoreFullException)
        {
        }
    }
}
