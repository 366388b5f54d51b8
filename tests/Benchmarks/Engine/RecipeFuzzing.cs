using System.Globalization;
using Experiments.Conventions.Tests;
using Experiments.Engine.Plugins;

namespace Experiments.Benchmarks;

/// <summary>Checks damaged recipes and prints the faults that they bring up, one of each kind.</summary>
internal static class RecipeFuzzing
{
    private const int Shown = 5;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    /// <summary>Checks, and prints the rate every 10,000 recipes.</summary>
    /// <returns>0 if there is no fault, otherwise 1.</returns>
    public static int Run(int recipes, int seed)
    {
        var folder = Directory.CreateTempSubdirectory("lab-fuzz-").FullName;
        File.WriteAllText(Path.Combine(folder, "a.txt"), "one\n");
        string[] whole =
        [
            .. Directory.GetFiles(Path.Combine(Checkout.Root, "recipes"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText),
            .. Directory.GetFiles(Path.Combine(Checkout.Root, "tests/EndToEnd/Recipes"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText),
        ];
        var fuzz = new RecipeFuzz(whole, PluginCatalog.FromFolder(AppContext.BaseDirectory), folder);
        var (done, faults, slow, start) = (0, 0, 0, TimeProvider.System.GetTimestamp());
        HashSet<string> kinds = [];
        Parallel.For(0, recipes, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, number =>
        {
            var begin = TimeProvider.System.GetTimestamp();
            var fault = fuzz.FaultOf((ulong)seed, number);
            if (TimeProvider.System.GetElapsedTime(begin) > Slow)
            {
                Interlocked.Increment(ref slow);
                fault ??= $"recipe {number} of seed {seed} took {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:F1} s";
            }

            if (fault is not null)
            {
                Interlocked.Increment(ref faults);
                lock (kinds)
                {
                    if (kinds.Add(string.Join('\n', fault.Split('\n').Skip(1).Take(4))) && kinds.Count <= Shown)
                    {
                        Console.WriteLine(fault);
                    }
                }
            }

            if (Interlocked.Increment(ref done) % 10_000 == 0)
            {
                var rate = done / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {recipes:N0} recipes, {rate:F0} a second, {faults} faults"));
            }
        });
        Directory.Delete(folder, recursive: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done:N0} damaged recipes in {TimeProvider.System.GetElapsedTime(start).TotalSeconds:F0} s: {faults} faults of {kinds.Count} kinds, {slow} slower than {Slow.TotalSeconds:F0} s"));
        return faults == 0 ? 0 : 1;
    }
}
