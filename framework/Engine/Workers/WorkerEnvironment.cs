using System.Globalization;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>The environment variables of a worker process, wherever it runs.</summary>
public static class WorkerEnvironment
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string WaitPolicy = "OMP_WAIT_POLICY";

    /// <summary>
    /// Number of turns that a libgomp thread spins, waiting for the others, before it sleeps. With libgomp's own
    /// default, 300,000 turns, two trainings that share two cores took six to seven times as long as one. With this
    /// value they took less than twice as long, and one alone lost nothing. Without spinning, fine-tuning alone took a
    /// tenth longer. The benchmark <c>side-by-side</c> measures it.
    /// </summary>
    private const string SpinTurns = "1000";

    /// <summary>
    /// The variables to set, or to remove if null. The user's own settings of how threads wait are kept.
    /// </summary>
    /// <param name="threads">Number of threads of libtorch's pools, which belong to OpenMP and MKL.</param>
    public static IReadOnlyDictionary<string, string?> Of(int threads) => Of(threads, Environment.GetEnvironmentVariable);

    /// <inheritdoc cref="Of(int)"/>
    /// <param name="threads">Number of threads of the pools.</param>
    /// <param name="own">Returns a variable of the host, or null.</param>
    public static IReadOnlyDictionary<string, string?> Of(int threads, Func<string, string?> own)
    {
        var variables = new Dictionary<string, string?>
        {
            ["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture),
            ["MKL_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture),
            [FaultPoint.Variable] = own(FaultPoint.WorkerVariable),
        };
        if (own(SpinCount) is null && own(WaitPolicy) is null)
        {
            variables[SpinCount] = SpinTurns;
        }

        return variables;
    }
}
