using System.Globalization;
using Experiments.Engine.Runs;

namespace Experiments.Benchmarks;

/// <summary>Measures the cost of the engine, with whole processes.</summary>
internal static class EngineBenchmark
{
    /// <summary>Measures and prints the times.</summary>
    /// <param name="times">Number of runs of each command.</param>
    public static void Run(int times)
    {
        var root = Checkout.Root;
        var lab = new LabProcess(root);
        var runs = Directory.CreateTempSubdirectory("lab-benchmarks-").FullName;
        try
        {
            Console.WriteLine($"{Environment.ProcessorCount} cores, {times} runs each: minimum / median / maximum");
            Show("lab --help, the minimum of a start", lab.Time(times, "--help"));

            string[] sixty = ["tests/Benchmarks/Engine/sixty-stages.yaml", "--runs", runs];
            lab.Run(["run", .. sixty]);
            Show("lab plan, 60 stages, all in the store (goal: 300 ms)", lab.Time(times, ["plan", .. sixty]));

            string[] quickstart = ["recipes/quickstart.yaml", "--jobs", "1", "--runs", runs];
            lab.Run(["run", .. quickstart]);
            Show("lab run, quickstart, nothing to do (goal: 1 s)", lab.Time(times, ["run", .. quickstart]));

            var (total, engine) = EngineOverhead.Of(RunFolder.Of(Path.Combine(runs, "quickstart")).First());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"quickstart, {total.TotalSeconds:F1} s: {engine.TotalSeconds:F2} s outside the stages' attempts, {100 * engine / total:F2} % (goal for journal and store: 1 %)"));
        }
        finally
        {
            Directory.Delete(runs, recursive: true);
        }
    }

    private static void Show(string what, IReadOnlyList<TimeSpan> durations) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what}: {durations[0].TotalMilliseconds:F0} / {durations[durations.Count / 2].TotalMilliseconds:F0} / {durations[^1].TotalMilliseconds:F0} ms"));
}
