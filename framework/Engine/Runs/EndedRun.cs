using Experiments.Engine.Artifacts;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Runs;

/// <summary>Ends a run in its tracking journal when its process could not: MLflow would show it as running for ever.</summary>
public static class EndedRun
{
    private const int LongestEnd = 1024; // of the line that ends a run, in bytes

    /// <summary>
    /// Says in the journal that the run, and each stage that was at work, came to an end: as the run's own journal tells it, and killed when that tells
    /// none. The time is that of the last sign of life. A run in progress is left alone, and so is one that ended in its journal.
    /// </summary>
    /// <param name="run">The run, whose tracking journal exists.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Whether something was to be ended.</returns>
    public static bool End(RunRecord run, TimeProvider time)
    {
        var file = run.Folder.TrackingFile;
        if (StatusOf(run, time) is null || IsEnded(file, run.Id))
        {
            return false;
        }

        // A resumed run holds this lease from before its first word.
        using var lease = Lease.TryTake(run.Folder.Path, Guid.NewGuid().ToString(), time).Lease;
        if (lease is null || StatusOf(new RunRecord(run.Folder), time) is not { } status)
        {
            return false;
        }

        var lastSign = new DateTimeOffset(File.GetLastWriteTimeUtc(file));
        var unended = Unended(file);
        using var journal = TrackingJournal.Open(file, time);
        foreach (var one in unended)
        {
            journal.EndRun(one, status, lastSign);
        }

        return unended.Count > 0;
    }

    private static TrackedStatus? StatusOf(RunRecord run, TimeProvider time) => run.Status(time.GetUtcNow()) switch
    {
        RunStatus.Running => null,
        RunStatus.Done => TrackedStatus.Finished,
        RunStatus.Failed => TrackedStatus.Failed,
        _ => TrackedStatus.Killed,
    };

    // A run's own end is the last that it says.
    private static bool IsEnded(string file, string run) =>
        TrackingLines.Read(file, Math.Max(0, new FileInfo(file).Length - LongestEnd)).LastOrDefault().Entry is RunEnded end && end.Run == run;

    /// <summary>The runs that began and did not end, those nested in others first.</summary>
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
