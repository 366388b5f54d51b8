using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Runs;

/// <summary>
/// Writes the missing end of a run into its tracking journal, because its process died. Without it, a tracker would
/// show the run as running forever.
/// </summary>
public static class EndedRun
{
    private const int LongestEnd = 1024; // upper bound of the length of the line that ends a run, in bytes

    /// <summary>
    /// Appends the missing end of the run and of its unfinished stages, with the status from the run's own journal, or
    /// KILLED if that has none. The time is the last change of the tracking journal. Does nothing for a run that is in
    /// progress, or whose end is already in the tracking journal.
    /// </summary>
    /// <param name="run">The run. Its tracking journal must exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="say">Receives, once, who is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether an end was missing.</returns>
    public static async Task<bool> EndAsync(RunRecord run, TimeProvider time, Action<string> say, CancellationToken cancellationToken)
    {
        var file = run.Folder.TrackingFile;
        if (StatusOf(run, time) is null || IsEnded(file, run.Id))
        {
            return false;
        }

        // A resumed run takes this lease before it writes anything.
        using var lease = await new LeaseClaim(run.Folder.Path, Guid.NewGuid().ToString(), time).TakeUnlessAliveAsync(say, cancellationToken).ConfigureAwait(false);
        if (lease is null)
        {
            return false;
        }

        var status = run.Folder.End() ?? EndStatus.Interrupted;
        var lastSign = new DateTimeOffset(File.GetLastWriteTimeUtc(file));
        var unended = Unended(file);
        using var journal = TrackingJournal.Open(file, time, lease);
        foreach (var one in unended)
        {
            journal.EndRun(one, status, lastSign);
        }

        return unended.Count > 0;
    }

    private static EndStatus? StatusOf(RunRecord run, TimeProvider time) => run.Status(time.GetUtcNow()) switch
    {
        RunStatus.Running => null,
        RunStatus.Done => EndStatus.Done,
        RunStatus.Failed => EndStatus.Failed,
        _ => EndStatus.Interrupted,
    };

    // The end of the run itself is its last line.
    private static bool IsEnded(string file, string run) =>
        TrackingLines.Read(file, Math.Max(0, new FileInfo(file).Length - LongestEnd)).LastOrDefault().Entry is RunEnded end && end.Run == run;

    /// <summary>The runs that started and did not end, nested runs first.</summary>
    private static IReadOnlyList<string> Unended(string file)
    {
        OrderedDictionary<string, bool> began = [];
        foreach (var line in TrackingLines.Read(file, 0))
        {
            if (line.Entry is RunStarted or RunEnded)
            {
                began[line.Entry.Run] = line.Entry is RunStarted;
            }
        }

        return [.. began.Where(run => run.Value).Select(run => run.Key).Reverse()];
    }
}
