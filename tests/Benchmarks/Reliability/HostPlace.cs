using System.Globalization;

namespace Experiments.Benchmarks;

/// <summary>Where a host runs: here, in a process namespace of its own, or with a clock that is wrong.</summary>
/// <param name="Name">The name.</param>
/// <param name="Program">What starts it.</param>
/// <param name="Clock">The library that shifts its clock; null for none.</param>
internal sealed record HostPlace(string Name, IReadOnlyList<string> Program, string? Clock = null)
{
    private const int MostSkew = 86_400;

    /// <summary>Whether the clock is wrong.</summary>
    public bool IsSkewed => Clock is not null;

    /// <summary>The places that this machine offers.</summary>
    public static IReadOnlyList<HostPlace> Find()
    {
        var here = new HostPlace("here", []);
        List<HostPlace> places = [here, here];
        string[] container = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
        using var probe = System.Diagnostics.Process.Start("sh", ["-c", string.Join(' ', container) + " true 2>/dev/null"]);
        probe.WaitForExit();
        if (probe.ExitCode == 0)
        {
            places.Add(new("process namespace", container));
        }

        if (Directory.Exists("/usr/lib") && Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").Select(folder => Path.Combine(folder, "faketime/libfaketimeMT.so.1")).FirstOrDefault(File.Exists) is { } library)
        {
            places.Add(new("wrong clock", [], library));
        }

        return places;
    }

    /// <summary>The environment of a host.</summary>
    public IReadOnlyDictionary<string, string> Variables(Chance random)
    {
        var variables = new Dictionary<string, string> { ["LAB_LEASE_SECONDS"] = "1" };
        if (Clock is not null)
        {
            (variables["LD_PRELOAD"], variables["DONT_FAKE_MONOTONIC"]) = (Clock, "1");
            variables["FAKETIME"] = random.Next(-MostSkew, MostSkew).ToString("+0;-0", CultureInfo.InvariantCulture);
        }

        return variables;
    }
}
