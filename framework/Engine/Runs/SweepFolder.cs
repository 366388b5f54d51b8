using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Runs;

/// <summary>
/// One sweep's folder, <c>runs/RECIPE/sweeps/20260131-120000-3f9a</c>: its journal, its settings and its results. Its
/// runs are in the recipe's folder, like all runs.
/// </summary>
/// <param name="Path">The folder.</param>
public sealed record SweepFolder(string Path)
{
    /// <summary>The name of the folder of a recipe's sweeps. It is in the same folder as the recipe's runs.</summary>
    public const string Parent = "sweeps";

    /// <summary>The sweep's id: the folder's name.</summary>
    public string Id => System.IO.Path.GetFileName(Path);

    /// <summary>The file of the sweep's journal.</summary>
    public string JournalFile => AsRun.JournalFile;

    /// <summary>The file of the results, for programs.</summary>
    public string ResultFile => System.IO.Path.Combine(Path, "sweep.json");

    /// <summary>The file of the report, for people.</summary>
    public string ReportFile => System.IO.Path.Combine(Path, "report.md");

    /// <summary>
    /// This folder as the folder of a run: recipe, journal and tracking journal have the same file names.
    /// </summary>
    public RunFolder AsRun => new(Path);

    private string PlanFile => System.IO.Path.Combine(Path, "plan.json");

    /// <summary>The folders of a recipe's sweeps, the newest first.</summary>
    public static IEnumerable<SweepFolder> Of(string recipeFolder) =>
        System.IO.Path.Combine(recipeFolder, Parent) is var parent && Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent).OrderDescending(StringComparer.Ordinal).Select(path => new SweepFolder(path))
            : [];

    /// <summary>The sweeps of all recipes.</summary>
    public static IEnumerable<SweepFolder> All(string runsFolder) => Directory.Exists(runsFolder) ? Directory.EnumerateDirectories(runsFolder).SelectMany(Of) : [];

    /// <summary>The newest sweep with the same settings and the same resolved recipe, or null.</summary>
    public static SweepFolder? Find(string recipeFolder, JsonNode resolvedRecipe, SweepPlan plan) =>
        Of(recipeFolder).FirstOrDefault(sweep => sweep.AsRun.IsOf(resolvedRecipe) && File.Exists(sweep.PlanFile) && File.ReadAllText(sweep.PlanFile) == Text(plan));

    /// <summary>
    /// Opens the newest sweep with the same settings and the same resolved recipe, to resume it. Otherwise creates a
    /// new one.
    /// </summary>
    /// <param name="recipeFolder">The folder of the recipe's runs.</param>
    /// <param name="resolvedRecipe">The recipe.</param>
    /// <param name="plan">The sweep.</param>
    /// <param name="time">The clock.</param>
    /// <param name="say">Receives, once, who is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">Another process is running the sweep.</exception>
    public static async Task<Opened<SweepFolder>> OpenOrCreateAsync(
        string recipeFolder, JsonNode resolvedRecipe, SweepPlan plan, TimeProvider time, Action<string> say, CancellationToken cancellationToken)
    {
        if (Find(recipeFolder, resolvedRecipe, plan) is { } known)
        {
            return new Opened<SweepFolder>(known, IsResumed: true, await TakeAsync(known).ConfigureAwait(false));
        }

        var id = TimestampId.Of(time, RunFolder.RandomBytes);
        var folder = new SweepFolder(Directory.CreateDirectory(System.IO.Path.Combine(recipeFolder, Parent, id)).FullName);
        var lease = await TakeAsync(folder).ConfigureAwait(false);
        DurableFiles.Replace(folder.PlanFile, Text(plan));
        DurableFiles.Replace(folder.AsRun.RecipeFile, CanonicalJson.Text(resolvedRecipe));
        return new Opened<SweepFolder>(folder, IsResumed: false, lease);

        async Task<Lease> TakeAsync(SweepFolder sweep)
        {
            var claim = new LeaseClaim(sweep.Path, Guid.NewGuid().ToString(), time);
            return await claim.TakeUnlessAliveAsync(say, cancellationToken).ConfigureAwait(false)
                ?? throw new IOException($"Sweep {sweep.Id} is already running: {claim.Holder}.");
        }
    }

    private static string Text(SweepPlan plan) => CanonicalJson.Text(plan.Resolved);
}
