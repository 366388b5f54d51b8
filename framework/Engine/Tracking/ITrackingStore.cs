namespace Experiments.Engine.Tracking;

/// <summary>A place where runs are kept in MLflow's terms.</summary>
/// <remarks>
/// Every call may be repeated, also by another process, and has its effect once. <c>inDoubt</c> says that an earlier, broken-off call may have arrived:
/// the store then looks first. Failure rule: <see cref="TrackingUnavailableException"/> when it may work later; what the place will never take is said
/// as a warning and left out.
/// </remarks>
public interface ITrackingStore : IDisposable
{
    /// <summary>Where it is, for people: a URL without credentials, or a folder.</summary>
    string Location { get; }

    /// <summary>Makes a run, or finds it when it is in doubt.</summary>
    /// <param name="run">What the journal says.</param>
    /// <param name="parent">The parent's id in this store, or null.</param>
    /// <param name="inDoubt">It may have arrived before.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<StoredRun> StartRunAsync(RunStarted run, string? parent, bool inDoubt, CancellationToken cancellationToken);

    /// <summary>Says that an ended or interrupted run goes on.</summary>
    Task ResumeRunAsync(string id, CancellationToken cancellationToken);

    /// <summary>Takes params, metrics, tags and inputs.</summary>
    Task LogAsync(string id, TrackedBatch batch, bool inDoubt, CancellationToken cancellationToken);

    /// <summary>Takes a file.</summary>
    /// <param name="id">The run's id in this store.</param>
    /// <param name="file">An existing file.</param>
    /// <param name="path">Its path among the run's artifacts.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task LogArtifactAsync(string id, string file, string path, CancellationToken cancellationToken);

    /// <summary>Ends a run.</summary>
    Task EndRunAsync(string id, RunEnded end, CancellationToken cancellationToken);
}

/// <summary>A run in a store.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="IsNew">Whether this call made it, so that nothing of it can have arrived before.</param>
public readonly record struct StoredRun(string Id, bool IsNew);

/// <summary>What several lines of a journal say about one run.</summary>
public sealed class TrackedBatch
{
    /// <summary>Params, by name.</summary>
    public Dictionary<string, string> Params { get; } = [];

    /// <summary>Tags, by name.</summary>
    public Dictionary<string, string> Tags { get; } = [];

    /// <summary>Figures in order.</summary>
    public List<TrackedPoint> Metrics { get; } = [];

    /// <summary>Data sets read.</summary>
    public List<InputLogged> Inputs { get; } = [];

    /// <summary>Adds a line, as far as it is of these four kinds.</summary>
    internal void Add(TrackingEntry entry)
    {
        switch (entry)
        {
            case ParamsLogged line:
                foreach (var (name, value) in line.Values)
                {
                    Params.TryAdd(name, value);
                }

                break;
            case TagsSet line:
                foreach (var (name, value) in line.Values)
                {
                    Tags[name] = value;
                }

                break;
            case MetricsLogged line:
                Metrics.AddRange(line.Points);
                break;
            case InputLogged line:
                Inputs.Add(line);
                break;
        }
    }
}

/// <summary>The store cannot be reached, or takes nothing, for now.</summary>
public sealed class TrackingUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
