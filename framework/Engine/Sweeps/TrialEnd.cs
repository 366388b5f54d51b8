using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>How a trial ended.</summary>
/// <param name="Status">What came of it.</param>
/// <param name="Run">The id of its run, or null when it had none.</param>
/// <param name="Objective">The objective; null unless it is done.</param>
/// <param name="Message">What went wrong, or null.</param>
/// <param name="Seconds">The time that it took since it last began. Unit: seconds.</param>
public sealed record TrialEnd(TrialStatus Status, string? Run, double? Objective, string? Message, double Seconds)
{
    /// <summary>As it stands in the journal.</summary>
    public JsonObject ToJson(Trial trial) => new()
    {
        ["trial"] = trial.Number,
        ["status"] = Status.ToString().ToLowerInvariant(),
        ["run"] = Run,
        ["objective"] = Objective,
        ["message"] = Message,
        ["seconds"] = Math.Round(Seconds, 3),
    };

    /// <summary>The end that a journal recorded.</summary>
    internal static TrialEnd Read(JsonObject entry) => new(
        (string?)entry["status"] == "done" ? TrialStatus.Done : TrialStatus.Failed, (string?)entry["run"], (double?)entry["objective"], (string?)entry["message"], (double)entry["seconds"]!);
}

/// <summary>What came of a trial.</summary>
public enum TrialStatus
{
    /// <summary>It gave its objective.</summary>
    Done,

    /// <summary>A stage failed, or there is no objective.</summary>
    Failed,

    /// <summary>It was interrupted, and goes on with the sweep.</summary>
    Interrupted,
}
