using Experiments.Contracts;
namespace Experiments.Engine.Runs;

/// <summary>Chooses the run to resume.</summary>
public static class RunToResume
{
    /// <summary>Finds the run to resume.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="reference">A reference to the run; null for the newest run that is not done.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="UsageException">There is no such run, it is done or still running, or it did not record its
    /// call.</exception>
    public static RunRecord Find(RunCatalog runs, string? reference, DateTimeOffset now)
    {
        var run = reference is not null
            ? runs.Find(reference)
            : runs.Runs.Where(each => !IsDone(each) && each.Status(now) != RunStatus.Running).OrderBy(each => each.Call is null).FirstOrDefault() // one that ended before it recorded its call has done nothing
                ?? throw new UsageException("There is no run to resume: all runs are done or running.");
        return (run.Status(now), run.Call) switch
        {
            (RunStatus.Done, _) when IsDone(run) => throw new UsageException($"Run {run.Id} is done."),
            (RunStatus.Running, _) => throw new UsageException($"Run {run.Id} is still running."),
            (_, null) => throw new UsageException($"Run {run.Id} did not record its call: run its `lab run` command again."),
            (_, { } call) when !Directory.Exists(call.WorkingDirectory) => throw new UsageException($"Run {run.Id} was started in {call.WorkingDirectory}, which no longer exists: run `{call}` in the folder where its files are now."),
            _ => run,
        };

        // A run with a damaged journal is resumed to write down again what it used.
        bool IsDone(RunRecord each) => each.Status(now) == RunStatus.Done && !each.MayHaveUsedMore;
    }
}
