using System.Globalization;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>The environment variables of a worker process, wherever it runs.</summary>
public static class WorkerEnvironment
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string WaitPolicy = "OMP_WAIT_POLICY";

    /// <summary>
    /// Turns that a thread of libgomp waits actively for the others before it sleeps. libgomp's own default, about 10^10 turns a wait, lets two
    /// processes that share the cores slow each other to a third; sleeping at once costs a training that runs alone a fifth. The benchmark
    /// <c>side-by-side</c> holds the choice.
    /// </summary>
    private const string SpinTurns = "1000";

    /// <summary>The variables to set, or with null to remove. How threads wait is left alone where the user has chosen it.</summary>
    /// <param name="threads">Threads of libtorch's pools, which OpenMP and MKL make.</param>
    public static IReadOnlyDictionary<string, string?> Of(int threads) => Of(threads, Environment.GetEnvironmentVariable);

    /// <inheritdoc cref="Of(int)"/>
    /// <param name="threads">Threads of the pools.</param>
    /// <param name="own">The host's own variables.</param>
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
