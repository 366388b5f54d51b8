using System.Runtime.CompilerServices;
using System.Text.Json;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Runs;

/// <summary>The runs that are over: ends those that died in their tracking journals, and sends what they could not.</summary>
/// <param name="runsFolder">The folder of all runs.</param>
/// <param name="environmentUri">Value of <see cref="TrackingTarget.Variable"/>, or null.</param>
/// <param name="time">Tells the living from the dead, and times the sending.</param>
/// <param name="warn">Takes what the user should know.</param>
public sealed class EarlierRuns(string runsFolder, string? environmentUri, TimeProvider time, Action<string> warn)
{
    private readonly HashSet<string> _unreachable = [];

    /// <summary>Sends them one by one, the newest first. A store that cannot be reached is not tried again for the next run.</summary>
    /// <param name="onlyUnsent">Leaves alone what some store has whole already.</param>
    /// <param name="cancellationToken">Stops between two runs, or within one: what was sent until then stays sent.</param>
    public async IAsyncEnumerable<SentRun> SendAsync(bool onlyUnsent, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var runs = new RunCatalog(runsFolder).Runs;
        foreach (var run in runs.Where(IsTracked))
        {
            EndedRun.End(run, time);
        }

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
        // The lease tells a run that has only just begun, or goes on again, and has not said so yet.
        if (run.Status(time.GetUtcNow()) == RunStatus.Running || Lease.Holder(run.Folder.Path, time) is not null)
        {
            return new(run.Id, SentRunState.LeftAlone, 0, "it is running, and sends what it tracks itself");
        }

        try
        {
            var tracking = run.Resolved?["tracking"];
            var target = TrackingTarget.Resolve((string?)tracking?["uri"], environmentUri, runsFolder);
            using var store = target.Open((string?)tracking?["experiment"] ?? run.Recipe, time, warn);
            if (_unreachable.Contains(store.Location))
            {
                return new(run.Id, SentRunState.Failed, 0, $"{store.Location} was not reached");
            }

            return await SendAsync(run, store, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException)
        {
            return new(run.Id, SentRunState.Failed, 0, $"{run.Folder.RecipeFile} does not say where to: {problem.Message}");
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
    }
}

/// <summary>What became of a run's journal.</summary>
/// <param name="Id">The run.</param>
/// <param name="State">How it stands.</param>
/// <param name="Lines">Lines sent.</param>
/// <param name="Message">The same in words.</param>
public sealed record SentRun(string Id, SentRunState State, long Lines, string Message);

/// <summary>How a run's journal stands.</summary>
public enum SentRunState
{
    /// <summary>The store has all of it.</summary>
    Sent,

    /// <summary>Another process sends it.</summary>
    LeftAlone,

    /// <summary>The store was not reached, or is not known.</summary>
    Failed,
}
