using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Runs;

/// <summary>Whether the process behind a run that recorded no end still lives. In doubt it lives.</summary>
public static class RunProcess
{
    /// <summary>How long a run on another machine, whose processes cannot be seen from here, counts as alive behind its last sign of life.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromDays(1);

    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(1);

    /// <summary>Looks for it.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="started">The journal's newest <c>run_started</c>.</param>
    /// <param name="now">The time.</param>
    public static bool IsAlive(string runFolder, JsonObject started, DateTimeOffset now)
    {
        if (((string?)started["host"] ?? Environment.MachineName) != Environment.MachineName)
        {
            return now - Directory.EnumerateFiles(runFolder).Select(File.GetLastWriteTimeUtc).Max() < Silence;
        }

        try
        {
            // A process that began later only inherited the number.
            using var process = Process.GetProcessById((int)started["process"]!);
            return process.StartTime.ToUniversalTime() <= ((DateTimeOffset)started["time"]!).UtcDateTime + ClockSlack;
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            return true; // it is there, but not ours to look at
        }
    }
}
