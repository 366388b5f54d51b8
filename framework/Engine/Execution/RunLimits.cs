using Experiments.Engine.Workers;

namespace Experiments.Engine.Execution;

/// <summary>What a run may take of the machine.</summary>
/// <param name="Cores">Processor threads for all stages together.</param>
/// <param name="Memory">Memory for all stages together. Unit: bytes.</param>
/// <param name="Jobs">Stages that run side by side at most.</param>
/// <param name="ThreadsPerTraining">
/// Threads of a stage that trains or runs a model and does not set them. Fixed by configuration, never by load: floating-point results depend on
/// the number of threads.
/// </param>
/// <param name="Asked">What the call asked for as jobs, or null.</param>
public sealed record RunLimits(int Cores, long Memory, int Jobs, int ThreadsPerTraining, int? Asked = null)
{
    /// <summary>All that a launcher has.</summary>
    /// <param name="capacity">What it has.</param>
    /// <param name="jobs">Stages side by side for which training stages leave room; null for as many as find free threads.</param>
    public static RunLimits Of(LauncherCapacity capacity, int? jobs = null) =>
        new(capacity.Cores, capacity.Memory, jobs ?? capacity.Cores, Math.Max(1, capacity.Cores / (jobs ?? 1)), jobs);

    /// <summary>The share of one of several runs side by side. Its trainings have as many threads as with that many jobs.</summary>
    /// <param name="capacity">What all runs share.</param>
    /// <param name="runs">The runs.</param>
    public static RunLimits ShareOf(LauncherCapacity capacity, int runs)
    {
        if (runs == 1)
        {
            return Of(capacity);
        }

        var whole = Of(capacity, runs);
        return whole with { Cores = whole.ThreadsPerTraining, Memory = whole.Memory / runs };
    }
}
