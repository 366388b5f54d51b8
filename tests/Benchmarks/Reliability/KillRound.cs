namespace Experiments.Benchmarks;

/// <summary>One run of the recipe in a store of its own, disturbed until enough kills, then resumed until it is done.</summary>
internal sealed class KillRound(string recipe, string runs, IReadOnlyList<HostPlace> places, Chance random, KillTally tally)
{
    private const int FewestKills = 4;
    private const int MostKills = 14;
    private const int MostResumes = 8;
    private const int KilledExit = 128 + LabHost.Kill;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestMoment = TimeSpan.FromSeconds(1.6);
    private static readonly TimeSpan PastTheLease = TimeSpan.FromSeconds(2.6);
    private static readonly string[][] Others = [["gc", "--yes", "--keep", "1"], ["verify"], ["sync"], ["ls"], ["gc", "--keep", "3"]];

    private readonly List<LabHost> _hosts = [];
    private readonly List<Task> _beside = [];

    /// <summary>Runs it.</summary>
    public async Task RunAsync()
    {
        var hosts = random.Next(10) switch { < 5 => 1, < 8 => 2, _ => 3 };
        for (var kills = random.Next(FewestKills, MostKills); kills > 0 && tally.IsClean; kills--)
        {
            while (_hosts.Count < hosts)
            {
                _hosts.Add(Start());
            }

            await Task.Delay(LongestMoment * random.NextDouble());
            if (random.Next(3) == 0)
            {
                _beside.Add(BesideAsync(Others[random.Next(Others.Length)]));
            }

            await DisturbAsync(_hosts[random.Next(_hosts.Count)]);
            await TakeEndedAsync();
        }

        foreach (var host in _hosts.ToList())
        {
            await TakeAsync(host);
        }

        await Task.WhenAll(_beside);
        await FinishAsync();
    }

    private LabHost Start()
    {
        var place = places[random.Next(places.Count)];
        return LabHost.Start(place.Program, place.Variables(random), [.. random.Next(4) == 0 && HasRuns ? (string[])["resume"] : ["run", recipe], "--runs", runs]);
    }

    private bool HasRuns => Directory.Exists(Path.Combine(runs, "kills")) && Directory.EnumerateFiles(Path.Combine(runs, "kills"), "journal.jsonl", SearchOption.AllDirectories).Any();

    private async Task DisturbAsync(LabHost host)
    {
        if (host.HasExited)
        {
            return;
        }

        switch (random.Next(10))
        {
            case < 7 when host.IsWrapped:
                Note("namespace");
                host.SendToGroup(LabHost.Kill);
                break;
            case 7 or 8 when host.IsWrapped:
                goto default;
            case < 3:
                Note("host");
                host.SendToHost(LabHost.Kill);
                break;
            case < 5 when host.SendToWorker(LabHost.Kill, random):
                Note("worker");
                break;
            case < 7:
                Note("group");
                host.SendToGroup(LabHost.Kill);
                break;
            case 7:
                Note("terminate");
                host.SendToHost(LabHost.Terminate);
                break;
            case 8:
                Note("stop the host past its lease");
                host.SendToHost(LabHost.Stop);
                await Task.Delay(PastTheLease * (0.5 + random.NextDouble()));
                host.SendToHost(LabHost.Continue);
                break;
            default:
                Note("stop the group past its lease");
                host.SendToGroup(LabHost.Stop);
                var other = Start();
                _hosts.Add(other);
                await Task.Delay(PastTheLease * (0.5 + random.NextDouble()));
                host.SendToGroup(LabHost.Continue);
                break;
        }

        void Note(string what)
        {
            host.Signals.Add(what);
            tally.CountKill(what);
        }
    }

    private async Task TakeEndedAsync()
    {
        foreach (var host in _hosts.Where(host => host.HasExited).ToList())
        {
            await TakeAsync(host);
        }
    }

    /// <summary>Waits for a host's end, and checks it.</summary>
    private async Task TakeAsync(LabHost host)
    {
        var exitCode = await host.WaitAsync(Patience);
        List<int> allowed = [0, 75]; // 75: another host took the run over, or it was asked to stop
        if (host.Signals.Any(signal => signal is "host" or "group" or "namespace"))
        {
            allowed.Add(KilledExit);
        }

        if (host.Signals.Contains("terminate"))
        {
            allowed.Add(128 + LabHost.Terminate); // before it listened to signals
        }

        if (host.Signals.Contains("worker") && host.Output.Contains("SIGKILL", StringComparison.Ordinal))
        {
            allowed.Add(1);
        }

        if (host.Command.Contains("lab resume", StringComparison.Ordinal) && (host.Output.Contains("running", StringComparison.Ordinal) || host.Output.Contains("did not record its call", StringComparison.Ordinal)))
        {
            allowed.Add(2);
        }

        tally.Check(host, exitCode, allowed);
        _hosts.Remove(host);
        host.Dispose();
    }

    private async Task BesideAsync(string[] command)
    {
        using var other = LabHost.Start([], new Dictionary<string, string> { ["LAB_LEASE_SECONDS"] = "1" }, [.. command, "--runs", runs]);
        tally.Check(other, await other.WaitAsync(Patience), 0);
    }

    /// <summary>Resumes the run until it is done. Then no artifact may be garbage, and all that is left can be collected.</summary>
    private async Task FinishAsync()
    {
        for (var tries = 0; tally.IsClean; tries++)
        {
            using var host = LabHost.Start([], places[0].Variables(random), ["run", recipe, "--runs", runs]);
            var exitCode = await host.WaitAsync(Patience);
            if (exitCode == 0)
            {
                tally.Check(host, exitCode, 0);
                break;
            }

            tally.Check(host, tries < MostResumes ? exitCode : null, 1, 75); // 1: an earlier kill of a worker failed the run
        }

        foreach (var command in (string[][])[["sync"], ["verify"], ["gc", "--yes", "--keep", "1", "--json"]])
        {
            using var host = LabHost.Start([], places[0].Variables(random), [.. command, "--runs", runs]);
            tally.Check(host, await host.WaitAsync(Patience), 0);
            if (command[0] == "gc" && host.Output.Contains("\"kind\":\"artifact\"", StringComparison.Ordinal))
            {
                tally.Fault($"gc collects what a run uses: {host.Output}");
            }
        }
    }
}
