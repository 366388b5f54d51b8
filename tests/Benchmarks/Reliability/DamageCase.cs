using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;

namespace Experiments.Benchmarks;

/// <summary>One damaged copy of a store, one command on it, and what must hold afterwards.</summary>
/// <param name="recipe">The recipe of the runs.</param>
/// <param name="original">The intact store.</param>
/// <param name="runs">Where to copy it.</param>
/// <param name="right">The artifacts of a store in which everything is done.</param>
/// <param name="random">Chooses the damage and the command.</param>
internal sealed class DamageCase(string recipe, string original, string runs, SortedDictionary<string, string> right, Chance random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs it.</summary>
    /// <returns>What was done, the command, and its faults.</returns>
    public async Task<(string What, string Command, IReadOnlyList<string> Faults)> RunAsync()
    {
        Copy(original, runs);
        var damage = new Damage(runs, random);
        var what = damage.Do();
        string[] command = Command();
        using var host = LabHost.Start([], new Dictionary<string, string> { ["LAB_LEASE_SECONDS"] = "1" }, [.. command, "--runs", runs]);
        var tally = new KillTally { IsSilent = true };
        tally.Check(host, await host.WaitAsync(Patience), 0, 1, 2, 75);
        IReadOnlyList<string> faults = [.. tally.Faults, .. Lost(damage), .. Wrong(), .. Unfinished(command, host.Output)];
        return (what, string.Join(' ', command), [.. faults.Select(fault => $"after: {what}; {string.Join(' ', command)}: {fault}{(tally.Faults.Count == 0 ? "\n" + host.Output : "")}")]);
    }

    private string[] Command() => random.Next(20) switch
    {
        < 2 => ["ls"],
        2 => ["ls", "--json"],
        3 => ["verify"],
        < 6 => ["gc"],
        < 9 => ["gc", "--yes", .. random.Next(2) == 0 ? (string[])["--runs-too"] : []],
        9 => ["plan", recipe],
        10 => ["resume"],
        11 => ["resume", "@2"],
        12 or 13 => ["run", recipe],
        14 => ["why", "chat", recipe],
        15 => ["diff", "@1", "@2"],
        16 => ["lineage", "chat"],
        17 or 18 => ["sync"],
        _ => ["doctor"],
    };

    /// <summary>What was intact is still there: every run's folder, and every artifact, since the runs use them all.</summary>
    private IEnumerable<string> Lost(Damage damage)
    {
        foreach (var run in new RunCatalog(original).Runs.Where(run => !Directory.Exists(Path.Combine(runs, run.Recipe, run.Id))))
        {
            yield return $"run {run.Id} was deleted";
        }

        foreach (var folder in new ArtifactStore(Path.Combine(original, "artifacts"), _ => { }).All().Select(artifact => Path.GetFileName(artifact.Folder)))
        {
            var isDamaged = damage.Damaged.Any(path => path.StartsWith($"artifacts/{folder}/", StringComparison.Ordinal));
            var places = Directory.GetDirectories(Path.Combine(runs, "artifacts"), folder + (isDamaged ? "*" : ""));
            if (places.Length == 0)
            {
                yield return $"artifact {folder}, which is in use, was deleted";
            }
        }
    }

    /// <summary>Whatever counts as an intact artifact has the right bytes.</summary>
    private IEnumerable<string> Wrong() =>
        from artifact in new ArtifactStore(Path.Combine(runs, "artifacts"), _ => { }).All()
        let name = Path.GetFileName(artifact.Folder)
        where artifact.Damage(hash: true) is null && right.TryGetValue(name, out var fingerprint) && new StoreCheck(runs).Fingerprint(artifact) != fingerprint
        select $"artifact {name} counts as intact and is different";

    /// <summary>A run that came to its end is done, and its journal can be read.</summary>
    private IEnumerable<string> Unfinished(string[] command, string output)
    {
        if (command[0] is not ("run" or "resume") || !output.Contains(" done in ", StringComparison.Ordinal) || !output.Contains("\nRun ", StringComparison.Ordinal))
        {
            yield break;
        }

        var id = output.Split("\nRun ")[1].Split(' ')[0];
        var run = new RunCatalog(runs).Runs.First(each => each.Id == id);
        if (run.JournalDamage is { } damage || run.Folder.End() != EndStatus.Done)
        {
            yield return $"run {id} says that it is done, but its journal does not: {run.JournalDamage}";
        }
    }

    private static void Copy(string source, string target)
    {
        using var copy = System.Diagnostics.Process.Start("cp", ["-a", source, target]);
        copy.WaitForExit();
    }
}
