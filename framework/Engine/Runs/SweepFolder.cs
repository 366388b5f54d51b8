using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Runs;

/// <summary>One sweep's folder, <c>runs/RECIPE/sweeps/20260131-120000-3f9a</c>: its journal, what it tries, and what came of it. Its runs lie where all runs lie.</summary>
/// <param name="Path">The folder.</param>
public sealed record SweepFolder(string Path)
{
    /// <summary>The folder of a recipe's sweeps, beside its runs.</summary>
    public const string Parent = "sweeps";

    /// <summary>The sweep's id: the folder's name.</summary>
    public string Id => System.IO.Path.GetFileName(Path);

    /// <summary>What happened.</summary>
    public string JournalFile => AsRun.JournalFile;

    /// <summary>What came of it, for programs.</summary>
    public string ResultFile => System.IO.Path.Combine(Path, "sweep.json");

    /// <summary>What came of it, for people.</summary>
    public string ReportFile => System.IO.Path.Combine(Path, "report.md");

    /// <summary>The same folder seen as a run's: recipe, journal and tracking journal have the same names.</summary>
    public RunFolder AsRun => new(Path);

    private string PlanFile => System.IO.Path.Combine(Path, "plan.json");

    /// <summary>The folders of a recipe's sweeps, the newest first.</summary>
    public static IEnumerable<SweepFolder> Of(string recipeFolder) =>
        System.IO.Path.Combine(recipeFolder, Parent) is var parent && Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent).OrderDescending(StringComparer.Ordinal).Select(path => new SweepFolder(path))
            : [];

    /// <summary>The sweeps of all recipes.</summary>
    public static IEnumerable<SweepFolder> All(string runsFolder) => Directory.Exists(runsFolder) ? Directory.EnumerateDirectories(runsFolder).SelectMany(Of) : [];

    /// <summary>The newest sweep that tries the same on the same resolved recipe, or null.</summary>
    public static SweepFolder? Find(string recipeFolder, JsonNode resolvedRecipe, SweepPlan plan) =>
        Of(recipeFolder).FirstOrDefault(sweep => sweep.AsRun.IsOf(resolvedRecipe) && File.Exists(sweep.PlanFile) && File.ReadAllText(sweep.PlanFile) == Text(plan));

    /// <summary>The newest sweep that tries the same on the same resolved recipe, to go on with; otherwise a new one.</summary>
    /// <exception cref="IOException">Another process is at it.</exception>
    public static OpenedSweep OpenOrCreate(string recipeFolder, JsonNode resolvedRecipe, SweepPlan plan, TimeProvider time)
    {
        if (Find(recipeFolder, resolvedRecipe, plan) is { } known)
        {
            return new OpenedSweep(known, IsResumed: true, Take(known));
        }

        var id = $"{time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}";
        var folder = new SweepFolder(Directory.CreateDirectory(System.IO.Path.Combine(recipeFolder, Parent, id)).FullName);
        var lease = Take(folder);
        DurableFiles.Replace(folder.PlanFile, Text(plan));
        DurableFiles.Replace(folder.AsRun.RecipeFile, CanonicalJson.Text(resolvedRecipe));
        return new OpenedSweep(folder, IsResumed: false, lease);

        Lease Take(SweepFolder sweep) => Lease.TryTake(sweep.Path, Guid.NewGuid().ToString(), time) is var (lease, holder) && lease is not null
            ? lease
            : throw new IOException($"Sweep {sweep.Id} is going on already: {holder}.");
    }

    private static string Text(SweepPlan plan) => CanonicalJson.Text(plan.Resolved);
}

/// <summary>A sweep that this process is at, and no other.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="IsResumed">Whether it goes on.</param>
/// <param name="Lease">Keeps others away.</param>
public sealed record OpenedSweep(SweepFolder Folder, bool IsResumed, Lease Lease) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Lease.Dispose();
}
