using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Runs;

/// <summary>
/// A run as recorded in its folder: the journal and the resolved recipe, which are read at the first access.
/// </summary>
public sealed class RunRecord
{
    private readonly Lazy<JournalContent> _journal;
    private readonly Lazy<IReadOnlyDictionary<string, StageRecord>> _stages;
    private readonly Lazy<RecordedRecipe> _recipe;

    /// <summary>The record of a folder.</summary>
    public RunRecord(RunFolder folder)
    {
        Folder = folder;
        _journal = new(() => ReadJournal(folder.JournalFile));
        _stages = new(ReadStages);
        _recipe = new(() => RecordedRecipe.Read(folder.RecipeFile));
    }

    /// <summary>The folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>The run's id.</summary>
    public string Id => Folder.Id;

    /// <summary>The recipe's name.</summary>
    public string Recipe => Path.GetFileName(Path.GetDirectoryName(Folder.Path)!);

    /// <summary>The journal's entries, without damaged lines.</summary>
    public IReadOnlyList<JsonObject> Journal => _journal.Value.Entries;

    /// <summary>The record of each stage, by name.</summary>
    public IReadOnlyDictionary<string, StageRecord> Stages => _stages.Value;

    /// <summary>The resolved recipe, or null when its file is missing or damaged.</summary>
    public JsonObject? Resolved => _recipe.Value.Json;

    /// <summary>What is wrong with the resolved recipe; null when nothing is.</summary>
    public string? RecipeDamage =>
        _recipe.Value is { Damage: { } damage } ? damage
        : (string?)LastStart?["recipe"] is { } digest && digest != _recipe.Value.Digest ? "it was changed since the run started"
        : null;

    /// <summary>What is wrong with the journal; null when nothing is.</summary>
    public string? JournalDamage =>
        _journal.Value.Damage ?? (Journal.Count > 0 || !HasWorked ? null : Path.Exists(Folder.JournalFile) ? "it is empty" : "it is missing");

    /// <summary>What is damaged in the run's folder: the name of each file, and what is wrong with it.</summary>
    public IReadOnlyList<string> Damage =>
        [.. JournalDamage is { } journal ? [$"{Path.GetFileName(Folder.JournalFile)}: {journal}"] : (string[])[],
         .. RecipeDamage is { } recipe ? [$"{Path.GetFileName(Folder.RecipeFile)}: {recipe}"] : (string[])[]];

    /// <summary>
    /// Whether the run may have used artifacts that no readable line of its journal names, because the journal is or
    /// was damaged.
    /// </summary>
    public bool MayHaveUsedMore =>
        (JournalDamage is not null || Path.Exists(Folder.JournalFile + ".damaged-1")) && !NamesAllStages && !WasDoneSinceRepair;

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
                total += before is { } time && !Is(entry, RunEvents.RunStarted) && !Is(entry, RunEvents.JournalRepaired) ? Time(entry) - time : TimeSpan.Zero;
                before = Time(entry);
            }

            return total;
        }
    }

    private JsonObject? LastStart => Journal.LastOrDefault(entry => Is(entry, RunEvents.RunStarted));

    /// <summary>Whether a process may be working on the run. True when in doubt, for as long as a day.</summary>
    /// <param name="now">The time.</param>
    public bool MayBeRunning(DateTimeOffset now) => RunProcess.IsAlive(Folder.Path, RunFolder.EndOf(_journal.Value) is null ? LastStart : null, now, RunProcess.Silence);

    /// <summary>The keys that the tracking journal names, which stay known when the run's journal is damaged.</summary>
    public IEnumerable<string> TrackedKeys() =>
        from line in TrackingLines.Read(Folder.TrackingFile, 0)
        let key = (line.Entry as TagsSet)?.Values.GetValueOrDefault(RunTags.Key)
        where key is not null
        select key;

    /// <summary>The status of the run.</summary>
    /// <param name="now">The time.</param>
    public RunStatus Status(DateTimeOffset now) => RunFolder.EndOf(_journal.Value) switch
    {
        EndStatus.Done => RunStatus.Done,
        EndStatus.Failed => RunStatus.Failed,
        EndStatus.Interrupted => RunStatus.Interrupted,
        _ => RunProcess.IsAlive(Folder.Path, LastStart, now) ? RunStatus.Running : RunStatus.BrokenOff,
    };

    private bool NamesAllStages =>
        RecipeDamage is null && Resolved?["stages"] is JsonObject { Count: > 0 } stages && stages.All(stage => Stages.GetValueOrDefault(stage.Key)?.Key is not null);

    /// <summary>Whether the run was resumed after its journal was repaired, and then named everything that it used.</summary>
    private bool WasDoneSinceRepair =>
        JournalDamage is null && Journal.Any(entry => Is(entry, RunEvents.JournalRepaired))
        && Journal.Reverse().TakeWhile(entry => !Is(entry, RunEvents.JournalRepaired)).Any(entry => Is(entry, RunEvents.RunEnded) && (string?)entry["status"] == EndStatus.Done.Word());

    /// <summary>Whether the run wrote anything after the beginning of its journal.</summary>
    private bool HasWorked => new FileInfo(Folder.TrackingFile) is { Exists: true, Length: > 0 };

    private static JournalContent ReadJournal(string path)
    {
        try
        {
            return JournalContent.Read(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return JournalContent.Empty with { Problem = problem.Message };
        }
    }

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
