using System.Text.Json.Nodes;

namespace Experiments.Engine.Runs;

/// <summary>What a run's journal says of one stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="State">How far it came.</param>
/// <param name="Key">The artifact's key; null for a stage that was skipped.</param>
/// <param name="Identity">What determined the key; null for a stage that was skipped.</param>
/// <param name="Seconds">What the run's attempts at this key took together, as far as their ends were recorded. Unit: seconds.</param>
/// <param name="Message">What went wrong, or null.</param>
/// <param name="Time">When the last of it was recorded.</param>
/// <param name="PeakMemory">The most memory that its worker held. Unit: bytes; 0 when it did not run.</param>
public sealed record StageRecord(
    string Stage, StageRecordState State, string? Key, JsonObject? Identity, double Seconds, string? Message, DateTimeOffset Time, long PeakMemory = 0)
{
    /// <summary>Whether its artifact was there.</summary>
    public bool IsDone => State is StageRecordState.Made or StageRecordState.Found;
}

/// <summary>How far a stage came in a run.</summary>
public enum StageRecordState
{
    /// <summary>It began, and no end was recorded: it runs, or was broken off.</summary>
    Begun,

    /// <summary>The run made its artifact.</summary>
    Made,

    /// <summary>Its artifact was in the store.</summary>
    Found,

    /// <summary>It failed, or a gate did.</summary>
    Failed,

    /// <summary>It was interrupted.</summary>
    Interrupted,

    /// <summary>It was not run, for a stage before it was not there.</summary>
    Skipped,
}
