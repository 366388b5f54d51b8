using System.Text.Json.Nodes;

namespace Experiments.Engine.Runs;

/// <summary>The state of one stage in a run's journal.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="State">Its state.</param>
/// <param name="Key">The artifact's key; null for a stage that was skipped.</param>
/// <param name="Identity">Everything that determined the key; null for a stage that was skipped.</param>
/// <param name="Seconds">The total time of the run's attempts at this key whose ends were recorded. Unit:
/// seconds.</param>
/// <param name="Message">What went wrong, or null.</param>
/// <param name="Time">The time of its last journal entry.</param>
/// <param name="PeakMemory">The peak memory of its worker. Unit: bytes; 0 when it did not run.</param>
public sealed record StageRecord(
    string Stage, StageRecordState State, string? Key, JsonObject? Identity, double Seconds, string? Message, DateTimeOffset Time, long PeakMemory = 0)
{
    /// <summary>Whether its artifact was made or found.</summary>
    public bool IsDone => State is StageRecordState.Made or StageRecordState.Found;
}

/// <summary>The state of a stage in a run.</summary>
public enum StageRecordState
{
    /// <summary>It started and has no recorded end: it is running, or its process died.</summary>
    Begun,

    /// <summary>The run made its artifact.</summary>
    Made,

    /// <summary>Its artifact was in the store.</summary>
    Found,

    /// <summary>It failed, or a condition on its results did.</summary>
    Failed,

    /// <summary>It was interrupted.</summary>
    Interrupted,

    /// <summary>It was not run, because an upstream artifact is missing.</summary>
    Skipped,
}
