using System.Runtime.CompilerServices;
using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Runs;

/// <summary>
/// Finishes the tracking of runs that are over: writes the missing end of runs that died, and sends what they did not
/// send.
/// </summary>
/// <param name="runsFolder">The folder of all runs.</param>
/// <param name="plugins">Creates the trackers.</param>
/// <param name="time">The clock.</param>
/// <param name="warn">Receives warnings for the user.</param>
public sealed class EarlierRuns(string runsFolder, IPluginSource plugins, TimeProvider time, Action<string> warn)
{
    private readonly RecordedTracking _tracking = new(runsFolder, plugins, time, warn);
    private readonly HashSet<string> _unreachable = [];

    /// <summary>
    /// Sends the runs one by one, the newest first. A store that cannot be reached is not tried again for the other
    /// runs.
    /// </summary>
    /// <param name="onlyUnsent">Whether to skip runs that a store already has completely.</param>
    /// <param name="cancellationToken">Stops between two runs or within one. What was sent before stays sent.</param>
    public async IAsyncEnumerable<SentRun> SendAsync(bool onlyUnsent, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var runs = new RunCatalog(runsFolder).Runs;
        await Task.WhenAll(runs.Where(IsTracked).Select(run => EndedRun.EndAsync(run, time, warn, cancellationToken))).ConfigureAwait(false);

        foreach (var run in runs.Concat(SweepFolder.All(runsFolder).Select(sweep => new RunRecord(sweep.AsRun))).Where(IsTracked))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!onlyUnsent || !SentState.IsSent(run.Folder.TrackingFile))
            {
                yield return await SendAsync(run, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsTracked(RunRecord run) => File.Exists(run.Folder.TrackingFile);

    private async Task<SentRun> SendAsync(RunRecord run, CancellationToken cancellationToken)
    {
        // The lease shows that a run just started or resumed, even if its journal does not show it yet.
        if (run.Status(time.GetUtcNow()) == RunStatus.Running || Lease.Holder(run.Folder.Path, time.GetUtcNow()) is not null)
        {
            return new(run.Id, SentRunState.LeftAlone, 0, "it is running and sends its own data");
        }

        try
        {
            using var store = _tracking.Open(run);
            if (_unreachable.Contains(store.Location))
            {
                return new(run.Id, SentRunState.Failed, 0, $"{store.Location} was not reached");
            }

            return await SendAsync(run, store, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is JsonException or UsageException or InvalidDataException)
        {
            return new(run.Id, SentRunState.Failed, 0, $"{run.Folder.RecipeFile} does not say where to send it: {problem.Message}");
        }
    }

    private async Task<SentRun> SendAsync(RunRecord run, ITrackingStore store, CancellationToken cancellationToken)
    {
        try
        {
            var lines = await TrackingSender.SyncAsync(run.Folder.TrackingFile, store, time, warn, cancellationToken).ConfigureAwait(false);
            return new(run.Id, SentRunState.Sent, lines, $"{lines} lines sent to {store.Location}");
        }
        catch (JournalBusyException busy)
        {
            return new(run.Id, SentRunState.LeftAlone, 0, $"{busy.Holder} is sending it");
        }
        catch (TrackingUnavailableException outage)
        {
            _unreachable.Add(store.Location);
            return new(run.Id, SentRunState.Failed, 0, $"{store.Location} was not reached: {outage.Message}");
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            return new(run.Id, SentRunState.Failed, 0, $"{store.Location} did not accept it: {problem.Message}"); // such as damaged files of a store in a folder
        }
    }
}

/// <summary>The result of sending a run's tracking journal.</summary>
/// <param name="Id">The run.</param>
/// <param name="State">The state of the journal.</param>
/// <param name="Lines">Number of lines sent.</param>
/// <param name="Message">The result in words.</param>
public sealed record SentRun(string Id, SentRunState State, long Lines, string Message);

/// <summary>The state of a run's tracking journal.</summary>
public enum SentRunState
{
    /// <summary>The store has all of the journal.</summary>
    Sent,

    /// <summary>Another process sends the journal.</summary>
    LeftAlone,

    /// <summary>The store could not be reached, or is unknown.</summary>
    Failed,
}
