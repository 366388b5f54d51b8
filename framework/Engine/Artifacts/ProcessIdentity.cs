using System.Globalization;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// A process, so that another process can tell whether it still runs. Neither host names nor clocks are part of it:
/// two containers may share a name, and the clocks of two machines differ.
/// </summary>
/// <param name="Place">The running system and the namespace in which <paramref name="Id"/> counts; null when it is
/// unknown.</param>
/// <param name="Id">The process id.</param>
/// <param name="Started">The time of its start since the system's start, in clock ticks; null when it is
/// unknown.</param>
public sealed record ProcessIdentity(string? Place, int Id, string? Started)
{
    /// <summary>This process.</summary>
    public static readonly ProcessIdentity Own = FindOwn();

    /// <summary>Whether both are in one place, so that each can see whether the other runs.</summary>
    public bool IsHere => Place is not null && Place == Own.Place;

    /// <summary>Whether the process certainly does not run any more. False when in doubt.</summary>
    public bool IsGone => IsHere && !LocalProcess.MayRun(Id, Started);

    /// <summary>Whether the process certainly runs. False when in doubt.</summary>
    public bool IsRunning => IsHere && Started is not null && LocalProcess.StartOf(Id) == Started;

    private static ProcessIdentity FindOwn()
    {
        var id = Environment.ProcessId;
        try
        {
            // /proc may belong to another namespace, in which this process has another number.
            var seen = File.ReadAllText("/proc/self/stat");
            if (int.Parse(seen[..seen.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture) != id)
            {
                return new(null, id, null);
            }

            var system = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            string?[] namespaces = [Namespace("pid"), Namespace("time")];
            return new($"{system} {string.Join(' ', namespaces.OfType<string>())}", id, LocalProcess.StartOf(id));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            return new(null, id, null);
        }
    }

    private static string? Namespace(string kind) => new FileInfo($"/proc/self/ns/{kind}").LinkTarget;
}
