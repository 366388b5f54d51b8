using Experiments.Contracts.Tracking;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tracking;

/// <summary>
/// A tracking journal that is open for writing, and the sender that sends its lines in the background. Disposing it
/// sends the rest.
/// </summary>
public sealed class TrackingSession : IAsyncDisposable
{
    private readonly TrackingSender _sender;

    private TrackingSession(TrackingJournal journal, TrackingSender sender) => (Journal, _sender) = (journal, sender);

    /// <summary>The journal, to which data is logged.</summary>
    public TrackingJournal Journal { get; }

    /// <summary>Opens a journal and starts sending it.</summary>
    /// <param name="journalFile">The journal's file. Lines that an earlier process did not send are sent first.</param>
    /// <param name="store">The store, which the session disposes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="warn">Receives warnings for the user.</param>
    /// <param name="lease">The lease of the journal's folder.</param>
    public static TrackingSession Open(string journalFile, ITrackingStore store, TimeProvider time, Action<string> warn, Lease? lease = null)
    {
        var journal = TrackingJournal.Open(journalFile, time, lease);
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
