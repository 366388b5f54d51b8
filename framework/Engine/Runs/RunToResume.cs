namespace Experiments.Engine.Runs;

/// <summary>Chooses the run to go on with.</summary>
public static class RunToResume
{
    /// <summary>The run that is meant.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="reference">What the person calls it; null for the newest that is not done.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">There is none, it is done or still running, or it did not record how it was asked for.</exception>
    public static RunRecord Find(RunCatalog runs, string? reference, DateTimeOffset now)
    {
        var run = reference is not null
            ? runs.Find(reference)
            : runs.Runs.FirstOrDefault(each => each.Status(now) is not (RunStatus.Done or RunStatus.Running))
                ?? throw new ArgumentException("No run waits to be gone on with: all are done or running.");
        return (run.Status(now), run.Call) switch
        {
            (RunStatus.Done, _) => throw new ArgumentException($"Run {run.Id} is done."),
            (RunStatus.Running, _) => throw new ArgumentException($"Run {run.Id} is still running."),
            (_, null) => throw new ArgumentException($"Run {run.Id} did not record how it was asked for: give its `lab run` command again."),
            (_, { } call) when !Directory.Exists(call.WorkingDirectory) => throw new ArgumentException($"Run {run.Id} was asked for in {call.WorkingDirectory}, which is gone: give `{call}` where its files are now."),
            _ => run,
        };
    }
}
