using System.Text.Json.Nodes;
using Experiments.Contracts.Running;

namespace Experiments.Engine.Runs;

/// <summary>
/// A run as recorded in its folder: the journal and the resolved recipe, which are read at the first access.
/// </summary>
public sealed class RunRecord
{
    private readonly Lazy<IReadOnlyList<JsonObject>> _journal;
    private readonly Lazy<IReadOnlyDictionary<string, StageRecord>> _stages;
    private readonly Lazy<JsonObject?> _resolved;

    /// <summary>The record of a folder.</summary>
    public RunRecord(RunFolder folder)
    {
        Folder = folder;
        _journal = new(folder.ReadJournal);
        _stages = new(ReadStages);
        _resolved = new(() => File.Exists(folder.RecipeFile) ? JsonNode.Parse(File.ReadAllBytes(folder.RecipeFile)) as JsonObject : null);
    }

    /// <summary>The folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>The run's id.</summary>
    public string Id => Folder.Id;

    /// <summary>The recipe's name.</summary>
    public string Recipe => Path.GetFileName(Path.GetDirectoryName(Folder.Path)!);

    /// <summary>The journal's entries.</summary>
    public IReadOnlyList<JsonObject> Journal => _journal.Value;

    /// <summary>The record of each stage, by name.</summary>
    public IReadOnlyDictionary<string, StageRecord> Stages => _stages.Value;

    /// <summary>The resolved recipe, or null when its file is missing.</summary>
    public JsonObject? Resolved => _resolved.Value;

    /// <summary>The call that last started or resumed the run; null in runs that did not record it.</summary>
    public RunCall? Call => RunCall.Read(LastStart?["call"]);

    /// <summary>When the run started; null when the journal is empty.</summary>
    public DateTimeOffset? Started => Journal.Count > 0 ? Time(Journal[0]) : null;

    /// <summary>
    /// The time that the run took, without the pauses before it was resumed: the sum of the times from each start to
    /// the last entry before the next.
    /// </summary>
    public TimeSpan Duration
    {
        get
        {
            var total = TimeSpan.Zero;
            DateTimeOffset? before = null;
            foreach (var entry in Journal)
            {
                total += before is { } time && !Is(entry, RunEvents.RunStarted) ? Time(entry) - time : TimeSpan.Zero;
                before = Time(entry);
            }

            return total;
        }
    }

    private JsonObject? LastStart => Journal.LastOrDefault(entry => Is(entry, RunEvents.RunStarted));

    /// <summary>The status of the run.</summary>
    /// <param name="now">The time.</param>
    public RunStatus Status(DateTimeOffset now) => Folder.End() switch
    {
        EndStatus.Done => RunStatus.Done,
        EndStatus.Failed => RunStatus.Failed,
        EndStatus.Interrupted => RunStatus.Interrupted,
        _ => RunProcess.IsAlive(Folder.Path, LastStart, now) ? RunStatus.Running : RunStatus.BrokenOff,
    };

    private IReadOnlyDictionary<string, StageRecord> ReadStages()
    {
        OrderedDictionary<string, StageRecord> stages = [];
        foreach (var entry in Journal)
        {
            if ((string?)entry["stage"] is { } name && IsOfStage(entry))
            {
                var (key, before) = ((string?)entry["key"], stages.GetValueOrDefault(name));
                var seconds = ((double?)entry["seconds"] ?? 0) + (before?.Key == key ? before?.Seconds ?? 0 : 0);
                stages[name] = new(name, Outcome(entry), key, entry["identity"] as JsonObject, seconds, (string?)entry["message"], Time(entry), (long?)entry["peak_memory"] ?? 0);
            }
        }

        return stages;
    }

    private static bool IsOfStage(JsonObject entry) => Is(entry, RunEvents.StageStarted) || Outcome(entry) is not null;

    private static StageOutcome? Outcome(JsonObject entry) => (string?)entry["event"] switch
    {
        RunEvents.StageSkipped => StageOutcome.Skipped,
        RunEvents.StageDone => (string?)entry["outcome"] == nameof(StageOutcome.Found) ? StageOutcome.Found : StageOutcome.Made,
        RunEvents.StageFailed => (string?)entry["outcome"] == nameof(StageOutcome.Interrupted) ? StageOutcome.Interrupted : StageOutcome.Failed,
        _ => null,
    };

    private static bool Is(JsonObject entry, string kind) => (string?)entry["event"] == kind;

    private static DateTimeOffset Time(JsonObject entry) => (DateTimeOffset)entry["time"]!;
}
