using System.Text.Json.Nodes;

namespace Experiments.Engine.Runs;

/// <summary>What a run's journal says about one stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Outcome">
/// How it ended; null when it started and has no recorded end: it is running, or its process died.
/// </param>
/// <param name="Key">The artifact's key; null for a stage that was skipped.</param>
/// <param name="Identity">Everything that determined the key; null for a stage that was skipped.</param>
/// <param name="Seconds">
/// The total time of the run's attempts at this key whose ends were recorded. Unit: seconds.
/// </param>
/// <param name="Message">What went wrong, or null.</param>
/// <param name="Time">The time of its last journal entry.</param>
/// <param name="PeakMemory">The peak memory of its worker. Unit: bytes; 0 when it did not run.</param>
public sealed record StageRecord(
    string Stage, StageOutcome? Outcome, string? Key, JsonObject? Identity, double Seconds, string? Message, DateTimeOffset Time, long PeakMemory = 0)
{
    /// <summary>Whether its artifact was made or found.</summary>
    public bool IsDone => Outcome is StageOutcome.Made or StageOutcome.Found;
}
