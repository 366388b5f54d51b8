using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>How a trial ended.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Run">The id of its run, or null when it had none.</param>
/// <param name="Objective">The objective; null unless the trial is done.</param>
/// <param name="Message">What went wrong, or null.</param>
/// <param name="Seconds">The time since it last started or resumed. Unit: seconds.</param>
public sealed record TrialEnd(EndStatus Status, string? Run, double? Objective, string? Message, double Seconds)
{
    /// <summary>The journal entry.</summary>
    public JsonObject ToJson(Trial trial) => new()
    {
        ["trial"] = trial.Number,
        ["status"] = Status.Word(),
        ["run"] = Run,
        ["objective"] = Objective,
        ["message"] = Message,
        ["seconds"] = Math.Round(Seconds, 3),
    };

    /// <summary>Reads a journal entry.</summary>
    internal static TrialEnd Read(JsonObject entry) => new(
        EndStatusWords.Parse((string?)entry["status"]) ?? EndStatus.Failed,
        (string?)entry["run"],
        (double?)entry["objective"],
        (string?)entry["message"],
        (double)entry["seconds"]!);
}
