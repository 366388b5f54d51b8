namespace Experiments.Contracts.Tracking;

/// <summary>
/// A tracking backend, where runs are kept with their settings and metrics, so that people can compare them.
/// </summary>
/// <remarks>
/// The engine writes all that is tracked to a journal on disk first and sends it from there in the background. A
/// tracker therefore never slows a run down, and what could not be sent is sent later.
/// </remarks>
[PluginKind("tracker")]
public interface ITracker
{
    /// <summary>
    /// Opens the store that a recipe names. Nothing is sent or written before the first call of the store.
    /// </summary>
    /// <param name="place">Where the runs are tracked.</param>
    /// <param name="time">The clock, for retries and dates.</param>
    /// <param name="warn">Receives warnings for the user.</param>
    /// <exception cref="UsageException">The address is wrong. The message says who gave it and what may be
    /// given.</exception>
    ITrackingStore Open(TrackingPlace place, TimeProvider time, Action<string> warn);
}

/// <summary>The place where a recipe's runs are tracked.</summary>
/// <param name="Uri"><c>tracking.uri</c> of the recipe, or null for the tracker's default. The tracker decides what it
/// means.</param>
/// <param name="Experiment">The name under which runs are grouped.</param>
/// <param name="RunsFolder">The folder of all runs, for trackers that keep files.</param>
public sealed record TrackingPlace(string? Uri, string Experiment, string RunsFolder);
