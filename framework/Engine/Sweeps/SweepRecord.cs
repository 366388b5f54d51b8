using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Sweeps;

/// <summary>The content of a sweep's journal: which points were started, and how each finished trial ended.</summary>
public sealed class SweepRecord
{
    /// <summary>A trial started or resumed.</summary>
    internal const string TrialStarted = "trial_started";

    /// <summary>A trial reached its objective or failed.</summary>
    internal const string TrialEnded = "trial_ended";

    /// <summary>The sweep started or resumed.</summary>
    internal const string SweepStarted = "sweep_started";

    /// <summary>The sweep ended, with a <c>status</c>.</summary>
    internal const string SweepEnded = "sweep_ended";

    private readonly Dictionary<int, SweepPoint> _points = [];
    private readonly HashSet<int> _begun = [];
    private readonly Dictionary<int, TrialEnd> _ended = [];

    /// <summary>Reads a journal. A missing journal counts as empty.</summary>
    public SweepRecord(SweepFolder folder)
    {
        foreach (var entry in RunJournal.Read(folder.JournalFile))
        {
            if ((int?)entry["trial"] is not { } trial)
            {
                continue;
            }

            if ((string?)entry["event"] == TrialStarted)
            {
                _points[(int)entry["point"]!] = SweepPoint.Read(entry["values"]!.AsObject());
                _begun.Add(trial);
            }
            else
            {
                _ended[trial] = TrialEnd.Read(entry);
            }
        }
    }

    /// <summary>Trials that ended.</summary>
    public IReadOnlyDictionary<int, TrialEnd> Ended => _ended;

    /// <summary>The values of a point that was started, or null.</summary>
    public SweepPoint? Point(int number) => _points.GetValueOrDefault(number);

    /// <summary>Whether a trial was started and has no recorded end.</summary>
    public bool IsBrokenOff(int trial) => _begun.Contains(trial) && !_ended.ContainsKey(trial);

    /// <summary>The facts to record when a trial starts.</summary>
    internal static JsonObject Facts(Trial trial) =>
        new() { ["trial"] = trial.Number, ["point"] = trial.Point, ["values"] = trial.Values.ToJson(), ["seed"] = trial.Seed };
}
