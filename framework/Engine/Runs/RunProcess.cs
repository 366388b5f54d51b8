using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>
/// Tells whether the process of a run without a recorded end is still alive. In doubt, it counts as alive.
/// </summary>
public static class RunProcess
{
    /// <summary>
    /// How long a run on another machine counts as alive after the last change in its folder. Its processes cannot be
    /// seen from this machine.
    /// </summary>
    public static readonly TimeSpan Silence = TimeSpan.FromDays(1);

    /// <summary>Whether the process of a run is alive.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="started">The journal's newest <c>run_started</c>.</param>
    /// <param name="now">The time.</param>
    public static bool IsAlive(string runFolder, JsonObject started, DateTimeOffset now)
    {
        if (((string?)started["host"] ?? Environment.MachineName) != Environment.MachineName)
        {
            return now - Directory.EnumerateFiles(runFolder).Select(File.GetLastWriteTimeUtc).Max() < Silence;
        }

        return LocalProcess.IsAliveSince((int)started["process"]!, ((DateTimeOffset)started["time"]!).UtcDateTime);
    }
}
