using System.Text;
using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>
/// One run's folder, <c>runs/RECIPE/20260131-120000-3f9a</c>: its journal, the resolved recipe, and the tracking
/// journal.
/// </summary>
/// <param name="Path">The folder.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>Random bytes in the id of a run or a sweep.</summary>
    internal const int RandomBytes = 2;

    /// <summary>The run's id: the folder's name.</summary>
    public string Id => System.IO.Path.GetFileName(Path);

    /// <summary>The file of the run's journal.</summary>
    public string JournalFile => System.IO.Path.Combine(Path, "journal.jsonl");

    /// <summary>The file of the tracking journal, from which data is sent to the tracker.</summary>
    public string TrackingFile => System.IO.Path.Combine(Path, "tracking.jsonl");

    /// <summary>The file of the resolved recipe.</summary>
    public string RecipeFile => System.IO.Path.Combine(Path, "recipe.json");

    /// <summary>
    /// The folders of a recipe's runs, the newest first. The folder of its sweeps, which has the same parent, is left
    /// out. What vanishes meanwhile is left out too.
    /// </summary>
    public static IEnumerable<RunFolder> Of(string recipeFolder) =>
        Directory.Exists(recipeFolder)
            ? Directory.EnumerateDirectories(recipeFolder).Where(path => System.IO.Path.GetFileName(path) != SweepFolder.Parent).OrderDescending(StringComparer.Ordinal).Select(path => new RunFolder(path))
            : [];

    /// <summary>
    /// Opens the newest run of the same resolved recipe, to resume it, if it was interrupted and no other process uses
    /// it. Otherwise creates a new run. If it cannot be known whether a process in another place still works on the
    /// run, this waits until that process shows that it does, or until its lease has expired.
    /// </summary>
    /// <param name="recipeFolder">The folder of the recipe's runs.</param>
    /// <param name="resolvedRecipe">The recipe.</param>
    /// <param name="time">The clock.</param>
    /// <param name="say">Receives, once, who is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Opened<RunFolder>> OpenOrCreateAsync(
        string recipeFolder, JsonNode resolvedRecipe, TimeProvider time, Action<string> say, CancellationToken cancellationToken)
    {
        var recipe = CanonicalJson.Text(resolvedRecipe);
        if (Of(recipeFolder).FirstOrDefault(run => run.IsOf(recipe)) is { } newest && newest.MayGoOn())
        {
            var free = await new LeaseClaim(newest.Path, Guid.NewGuid().ToString(), time).TakeUnlessAliveAsync(say, cancellationToken).ConfigureAwait(false);
            if (free is not null && newest.MayGoOn())
            {
                return new Opened<RunFolder>(newest, IsResumed: true, free);
            }

            free?.Dispose(); // another process ended the run meanwhile
        }

        var id = TimestampId.Of(time, RandomBytes);
        var folder = new RunFolder(Directory.CreateDirectory(System.IO.Path.Combine(recipeFolder, id)).FullName);
        var lease = Lease.TryTake(folder.Path, Guid.NewGuid().ToString(), time).Lease ?? throw new IOException($"{folder.Path}: another process just started a run of this name. Run the same command again.");
        DurableFiles.Replace(folder.RecipeFile, recipe);
        return new Opened<RunFolder>(folder, IsResumed: false, lease);
    }

    /// <summary>The run's journal.</summary>
    public IReadOnlyList<JsonObject> ReadJournal() => RunJournal.Read(JournalFile);

    /// <summary>Whether this is a finished run of a resolved recipe, and its journal says everything that it used.</summary>
    public bool IsDone(JsonNode resolvedRecipe) => End() == EndStatus.Done && IsOf(resolvedRecipe) && !new RunRecord(this).MayHaveUsedMore;

    /// <summary>The status with which the run ended; null when its journal has no end.</summary>
    public EndStatus? End() => EndOf(JournalContent.Read(JournalFile));

    /// <summary>The status with which a run ended; null when its journal has no end.</summary>
    internal static EndStatus? EndOf(JournalContent journal) =>
        journal is { IsEndDamaged: false, Entries: [.., var last] } && (string?)last["event"] == RunEvents.RunEnded ? EndStatusWords.Parse((string?)last["status"]) : null;

    /// <summary>Whether this is a run of a resolved recipe.</summary>
    public bool IsOf(JsonNode resolvedRecipe) => IsOf(CanonicalJson.Text(resolvedRecipe));

    /// <summary>
    /// Whether the run can be resumed. A run that is done is resumed if its journal is damaged: it then finds its
    /// artifacts and names them again.
    /// </summary>
    private bool MayGoOn() => End() is null or EndStatus.Interrupted || (End() == EndStatus.Done && new RunRecord(this).MayHaveUsedMore);

    private bool IsOf(string canonicalRecipe)
    {
        try
        {
            return Encoding.UTF8.GetString(RegularFile.ReadAllBytes(RecipeFile)) == canonicalRecipe;
        }
        catch (Exception problem) when (problem is FileNotFoundException or NotAFileException)
        {
            return false;
        }
    }
}

/// <summary>The words that the run journal uses.</summary>
public static class RunEvents
{
    /// <summary>The run started or resumed.</summary>
    public const string RunStarted = "run_started";

    /// <summary>The journal was damaged; its readable lines were copied to a new one.</summary>
    public const string JournalRepaired = "journal_repaired";

    /// <summary>The run ended, with a <c>status</c>.</summary>
    public const string RunEnded = "run_ended";

    /// <summary>An attempt at a stage started.</summary>
    public const string StageStarted = "stage_started";

    /// <summary>A stage's artifact exists; it was made or found.</summary>
    public const string StageDone = "stage_done";

    /// <summary>A stage failed, or a condition on its results did.</summary>
    public const string StageFailed = "stage_failed";

    /// <summary>A stage was not run, because an upstream stage failed.</summary>
    public const string StageSkipped = "stage_skipped";
}
