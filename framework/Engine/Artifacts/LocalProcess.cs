using System.ComponentModel;
using System.Diagnostics;

namespace Experiments.Engine.Artifacts;

/// <summary>Whether processes of this machine are alive. A later process with the same id is not mistaken for an earlier one.</summary>
internal static class LocalProcess
{
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(1);

    /// <summary>Whether this system tells when a process started, in clock ticks.</summary>
    public static bool TellsStarts => Directory.Exists("/proc/self");

    /// <summary>The start time of a process, in clock ticks since boot; null when there is no such process.</summary>
    /// <param name="id">The process id.</param>
    public static string? StartOf(string id)
    {
        try
        {
            var facts = File.ReadAllText($"/proc/{id}/stat");
            return facts[(facts.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a process lives that started no later than a time. When in doubt, it lives.</summary>
    /// <param name="id">The process id.</param>
    /// <param name="time">The time, in UTC.</param>
    public static bool IsAliveSince(int id, DateTime time)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() <= time + ClockSlack;
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            return true; // it exists, but this process may not inspect it
        }
    }
}
