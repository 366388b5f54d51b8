using Experiments.Engine.Workers;

namespace Experiments.Engine.Execution;

/// <summary>The resources that a run may use.</summary>
/// <param name="Cores">Number of processor threads for all stages together.</param>
/// <param name="Memory">Memory for all stages together. Unit: bytes.</param>
/// <param name="Jobs">The largest number of stages that run at the same time.</param>
/// <param name="ThreadsPerTraining">
/// Number of threads of a stage that trains or runs a model, unless its recipe sets it. It is fixed by configuration,
/// never by load, because floating-point results depend on the number of threads.
/// </param>
/// <param name="Asked">The value of <c>--jobs</c>, or null.</param>
public sealed record RunLimits(int Cores, long Memory, int Jobs, int ThreadsPerTraining, int? Asked = null)
{
    /// <summary>The whole capacity of a launcher.</summary>
    /// <param name="capacity">The capacity.</param>
    /// <param name="jobs">The number of stages that run at the same time. Training stages then use their share of the
    /// threads. Null for as many as there are free threads.</param>
    public static RunLimits Of(LauncherCapacity capacity, int? jobs = null) =>
        new(capacity.Cores, capacity.Memory, jobs ?? capacity.Cores, Math.Max(1, capacity.Cores / (jobs ?? 1)), jobs);

    /// <summary>
    /// The share of one of several runs that execute at the same time. Its trainings have as many threads as with
    /// <c>--jobs</c> set to the number of runs.
    /// </summary>
    /// <param name="capacity">The capacity that all runs share.</param>
    /// <param name="runs">The number of runs.</param>
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
