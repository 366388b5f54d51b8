using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Runs;

/// <summary>Marks a run as a trial of a sweep. The process that runs the trial gets it as an argument.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Number">The trial's number, from 1.</param>
/// <param name="Values">The point.</param>
/// <param name="Beside">Number of trials that share the machine, including this one.</param>
public sealed record TrialMark(string Sweep, int Number, SweepPoint Values, int Beside)
{
    /// <summary>The command-line option with the mark.</summary>
    public const string Option = "--trial";

    /// <summary>The sweep's id in the tracking journal.</summary>
    public string TrackedSweep => $"sweep-{Sweep}";

    /// <summary>The sweep's name in the tracker.</summary>
    public string TrackedName(string recipe) => $"{recipe} sweep {Sweep}";

    /// <summary>Reads the value of the option.</summary>
    public static TrialMark Parse(string json)
    {
        var mark = JsonNode.Parse(json)!;
        return new((string)mark["sweep"]!, (int)mark["trial"]!, SweepPoint.Read(mark["values"]!.AsObject()), (int)mark["beside"]!);
    }

    /// <summary>The value of the option, JSON.</summary>
    public override string ToString() =>
        new JsonObject { ["sweep"] = Sweep, ["trial"] = Number, ["values"] = Values.ToJson(), ["beside"] = Beside }.ToJsonString();
}
