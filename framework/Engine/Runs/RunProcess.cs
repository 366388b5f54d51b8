using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>
/// Tells whether the process of a run without a recorded end is still alive. In doubt, it counts as alive.
/// </summary>
public static class RunProcess
{
    /// <summary>
    /// How long a run in another place, such as another machine, may be silent before `lab gc` counts it as dead. Its
    /// processes cannot be seen from here.
    /// </summary>
    public static readonly TimeSpan Silence = TimeSpan.FromDays(1);

    /// <summary>Whether the process of a run is alive.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="started">The journal's newest <c>run_started</c>; null when it has none.</param>
    /// <param name="now">The time.</param>
    /// <param name="silence">How long a holder of the run's lease may be silent. Default: twice the lease's
    /// expiry.</param>
    public static bool IsAlive(string runFolder, JsonObject? started, DateTimeOffset now, TimeSpan? silence = null) =>
        Lease.Holder(runFolder, now, silence) is not null || (started is not null && RunsHere(started));

    /// <summary>Whether the process that started the run lives in this place. Older journals name only the host.</summary>
    private static bool RunsHere(JsonObject started)
    {
        var isHere = Text("place") is { } place ? place == ProcessIdentity.Own.Place : (Text("host") ?? Environment.MachineName) == Environment.MachineName;
        return isHere && started["process"] is JsonValue number && number.TryGetValue<int>(out var process)
            && LocalProcess.IsAliveSince(process, ((DateTimeOffset)started["time"]!).UtcDateTime);

        string? Text(string name) => started[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }
}
