using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Runs;

/// <summary>Marks a run as a trial of a sweep; the process that runs it gets it as an argument.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Number">The trial's number, from 1.</param>
/// <param name="Values">The point.</param>
/// <param name="Beside">Trials that share the machine, this one included.</param>
public sealed record TrialMark(string Sweep, int Number, SweepPoint Values, int Beside)
{
    /// <summary>The option that carries it.</summary>
    public const string Option = "--trial";

    /// <summary>The sweep's local id in tracking.</summary>
    public string TrackedSweep => $"sweep-{Sweep}";

    /// <summary>What people read of the sweep in tracking.</summary>
    public string TrackedName(string recipe) => $"{recipe} sweep {Sweep}";

    /// <summary>Reads the argument.</summary>
    public static TrialMark Parse(string json)
    {
        var mark = JsonNode.Parse(json)!;
        return new((string)mark["sweep"]!, (int)mark["trial"]!, SweepPoint.Read(mark["values"]!.AsObject()), (int)mark["beside"]!);
    }

    /// <summary>The argument.</summary>
    public override string ToString() =>
        new JsonObject { ["sweep"] = Sweep, ["trial"] = Number, ["values"] = Values.ToJson(), ["beside"] = Beside }.ToJsonString();
}
