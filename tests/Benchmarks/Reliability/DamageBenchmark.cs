using System.Globalization;

namespace Experiments.Benchmarks;

/// <summary>
/// Damages copies of a finished and of an interrupted store at random, and runs a random command on each. It must end
/// with plain words, delete nothing that is intact and in use, and find only artifacts with the right bytes.
/// </summary>
internal static class DamageBenchmark
{
    private const string Recipe = "tests/Benchmarks/Reliability/kills.yaml";
    private const int CasesAtOnce = 2;
    private const int CasesPerLine = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Dictionary<string, string> Variables = new() { ["LAB_LEASE_SECONDS"] = "1" };

    /// <summary>Runs a number of cases.</summary>
    /// <param name="count">Number of cases.</param>
    /// <param name="seed">Chooses stores, damages and commands.</param>
    /// <returns>The exit code: 1 if there was a fault.</returns>
    public static async Task<int> RunAsync(int count, int seed)
    {
        var root = Directory.CreateTempSubdirectory("lab-damage-").FullName;
        string[] stores = [Path.Combine(root, "finished"), Path.Combine(root, "interrupted")];
        await RunAsync(stores[0], isKilled: false, "stages.chat.with.steps=6");
        await RunAsync(stores[0], isKilled: false);
        await RunAsync(stores[1], isKilled: false, "stages.chat.with.steps=6");
        await RunAsync(stores[1], isKilled: true, "stages.base.with.steps=200");
        var right = new StoreCheck(stores[0]).Fingerprints();
        var (commands, faults, start) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new List<string>(), TimeProvider.System.GetTimestamp());
        var gate = new Lock();
        var done = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = CasesAtOnce }, async (number, _) =>
        {
            var random = new Chance(seed, $"damage {number}");
            var runs = Path.Combine(root, $"case-{number}");
            var (_, command, wrong) = await new DamageCase(Recipe, random.Pick(stores), runs, right, random).RunAsync();
            lock (gate)
            {
                commands[command] = commands.GetValueOrDefault(command) + 1;
                faults.AddRange(wrong);
                foreach (var fault in wrong)
                {
                    Console.WriteLine($"FAULT case {number} {fault}");
                }

                if (++done % CasesPerLine == 0)
                {
                    var elapsed = TimeProvider.System.GetElapsedTime(start);
                    var rate = done / elapsed.TotalMinutes;
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed:hh\\:mm\\:ss}  {done} of {count} cases, {rate:F0} per minute, {faults.Count} faults, {(count - done) / rate:F0} min left"));
                }
            }

            if (wrong.Count == 0)
            {
                Directory.Delete(runs, recursive: true);
            }
        });
        foreach (var (command, number) in commands)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{command,-60} {number,6}"));
        }

        Console.WriteLine(faults.Count == 0 ? "No fault." : $"{faults.Count} faults. The damaged stores are kept in {root}.");
        if (faults.Count == 0)
        {
            Directory.Delete(root, recursive: true);
        }

        return faults.Count == 0 ? 0 : 1;
    }

    /// <summary>Makes a run; one that is killed dies while it trains, so it leaves checkpoints.</summary>
    private static async Task RunAsync(string runs, bool isKilled, params string[] sets)
    {
        using var host = LabHost.Start([], Variables, ["run", Recipe, "--runs", runs, "--json", .. sets.SelectMany(set => (string[])["--set", set])]);
        while (isKilled && !host.HasExited && !host.Output.Contains("\"checkpoint\"", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        if (isKilled)
        {
            host.SendToGroup(LabHost.Kill);
        }

        var exitCode = await host.WaitAsync(Patience);
        if (exitCode != 0 && !isKilled)
        {
            throw new InvalidOperationException($"{host.Command}: exit code {exitCode}\n{host.Output}");
        }
    }
}
