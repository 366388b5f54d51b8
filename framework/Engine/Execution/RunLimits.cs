namespace Experiments.Engine.Execution;

/// <summary>What a run may take of the machine.</summary>
/// <param name="Cores">Processor threads for all stages together.</param>
/// <param name="Memory">Memory for all stages together. Unit: bytes.</param>
/// <param name="Jobs">Stages that run side by side at most.</param>
/// <param name="ThreadsPerTraining">
/// Threads of a stage that trains or runs a model and says nothing of them. A setting and no matter of what else is running, for its sums depend
/// on it.
/// </param>
/// <param name="Asked">What the call asked for as jobs, or null.</param>
public sealed record RunLimits(int Cores, long Memory, int Jobs, int ThreadsPerTraining, int? Asked = null)
{
    /// <summary>All of this machine, or of this container's share of it.</summary>
    /// <param name="jobs">Stages side by side for which training stages leave room; null for as many as find free threads.</param>
    public static RunLimits OfThisMachine(int? jobs = null)
    {
        var cores = Environment.ProcessorCount;
        return new(cores, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, jobs ?? cores, Math.Max(1, cores / (jobs ?? 1)), jobs);
    }

    /// <summary>The share of one of several runs side by side. Its trainings have as many threads as with so many jobs.</summary>
    /// <param name="runs">The runs.</param>
    public static RunLimits ShareOfThisMachine(int runs)
    {
        if (runs == 1)
        {
            return OfThisMachine();
        }

        var whole = OfThisMachine(runs);
        return whole with { Cores = whole.ThreadsPerTraining, Memory = whole.Memory / runs };
    }
}
