using Experiments.Contracts.Tracking;

namespace Experiments.Engine.Tracking;

/// <summary>A tracking journal that is open for writing, and the sender that empties it in the background. Disposing sends the rest.</summary>
public sealed class TrackingSession : IAsyncDisposable
{
    private readonly TrackingSender _sender;

    private TrackingSession(TrackingJournal journal, TrackingSender sender) => (Journal, _sender) = (journal, sender);

    /// <summary>Takes what is to be tracked.</summary>
    public TrackingJournal Journal { get; }

    /// <summary>Opens a journal and starts to send it.</summary>
    /// <param name="journalFile">The journal's file; lines that an earlier process left unsent go first.</param>
    /// <param name="store">Where it is sent; the session disposes it.</param>
    /// <param name="time">Paces the sending.</param>
    /// <param name="warn">Takes what the user should know.</param>
    public static TrackingSession Open(string journalFile, ITrackingStore store, TimeProvider time, Action<string> warn)
    {
        var journal = TrackingJournal.Open(journalFile, time);
        return new(journal, TrackingSender.Start(journal, store, time, warn));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sender.FinishAsync();
        await _sender.DisposeAsync();
        Journal.Dispose();
    }
}
