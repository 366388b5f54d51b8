namespace Experiments.Contracts.Tracking;

/// <summary>A store of runs, opened by an <see cref="ITracker"/>.</summary>
/// <remarks>
/// The engine makes one call at a time. It may repeat a call, also from another process, and each call must have its
/// effect once. <c>inDoubt</c> says that an earlier call with the same content may have arrived, so the store first
/// checks what it has. Failure rule: a store throws <see cref="TrackingUnavailableException"/> when the call may
/// succeed later. It reports content that it will never accept as a warning, and leaves it out.
/// </remarks>
public interface ITrackingStore : IDisposable
{
    /// <summary>
    /// Where the store is, for people: a URL without credentials, or a path. It identifies the store.
    /// </summary>
    string Location { get; }

    /// <summary>Checks whether the store can be reached, for <c>lab doctor</c>. Default: it can be.</summary>
    Task<StoreHealth> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(new StoreHealth(Location));

    /// <summary>Creates a run, or finds it when the call is in doubt.</summary>
    /// <param name="run">The run.</param>
    /// <param name="parent">The id, in this store, of the run that it is nested in, or null.</param>
    /// <param name="inDoubt">Whether the run may exist already.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<StoredRun> StartRunAsync(RunStart run, string? parent, bool inDoubt, CancellationToken cancellationToken);

    /// <summary>Marks an ended or interrupted run as running again.</summary>
    Task ResumeRunAsync(string id, CancellationToken cancellationToken);

    /// <summary>Logs params, tags, metrics and inputs of a run.</summary>
    /// <param name="id">The run's id in this store.</param>
    /// <param name="batch">The content.</param>
    /// <param name="inDoubt">Whether some of the content may have arrived already.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task LogAsync(string id, TrackedBatch batch, bool inDoubt, CancellationToken cancellationToken);

    /// <summary>Logs a file as an artifact.</summary>
    /// <param name="id">The run's id in this store.</param>
    /// <param name="file">An existing file.</param>
    /// <param name="path">Its path among the run's artifacts.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task LogArtifactAsync(string id, string file, string path, CancellationToken cancellationToken);

    /// <summary>Ends a run.</summary>
    Task EndRunAsync(string id, RunEnd end, CancellationToken cancellationToken);
}

/// <summary>A run in a store.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="IsNew">Whether this call created it, so that nothing else of it can have arrived before.</param>
public readonly record struct StoredRun(string Id, bool IsNew);

/// <summary>Whether a store can be reached.</summary>
/// <param name="Text">What was found, for people.</param>
/// <param name="Remedy">What the user can do about it, or null when the store can be reached.</param>
public sealed record StoreHealth(string Text, string? Remedy = null);

/// <summary>The store cannot be reached or accepts no data at the moment.</summary>
public sealed class TrackingUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
