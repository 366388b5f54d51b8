namespace Experiments.Benchmarks;

/// <summary>
/// Kills and stops real <c>lab</c> processes at random moments, one to three hosts on one store, beside other commands,
/// and checks after each run that nothing was lost and that all bytes are those of an undisturbed run.
/// </summary>
internal static class KillsBenchmark
{
    private const string Recipe = "tests/Benchmarks/Reliability/kills.yaml";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs until a number of kills.</summary>
    /// <param name="count">Number of kills.</param>
    /// <param name="seed">Chooses hosts, moments and kinds of kills.</param>
    /// <returns>The exit code: 1 if there was a fault.</returns>
    public static async Task<int> RunAsync(int count, int seed)
    {
        var random = new Chance(seed, "kills");
        var tally = new KillTally();
        var root = Directory.CreateTempSubdirectory("lab-kills-").FullName;
        var places = HostPlace.Find();
        Console.WriteLine($"seed {seed}; hosts: {string.Join(", ", places.Select(place => place.Name))}{(places.Any(place => place.IsSkewed) ? "" : "; clocks are not shifted, because faketime is not installed")}");
        var reference = Path.Combine(root, "reference");
        using (var undisturbed = LabHost.Start([], new Dictionary<string, string>(), ["run", Recipe, "--runs", reference]))
        {
            tally.Check(undisturbed, await undisturbed.WaitAsync(Patience), 0);
        }

        var right = new StoreCheck(reference).Fingerprints();
        foreach (var fault in new StoreCheck(reference).Faults(right))
        {
            tally.Fault(fault);
        }

        for (var round = 1; tally.Kills < count && tally.IsClean; round++)
        {
            var runs = Path.Combine(root, $"runs-{round}");
            await new KillRound(Recipe, runs, places, random, tally).RunAsync();
            foreach (var fault in new StoreCheck(runs).Faults(right))
            {
                tally.Fault(fault);
            }

            if (tally.IsClean)
            {
                Directory.Delete(runs, recursive: true);
            }

            tally.Progress(count, round);
        }

        tally.Summarize();
        if (tally.IsClean)
        {
            Directory.Delete(root, recursive: true);
            return 0;
        }

        Console.WriteLine($"The stores are kept in {root}.");
        return 1;
    }
}
