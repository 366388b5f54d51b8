using Experiments.Contracts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Runs;

/// <summary>All runs in a folder of runs.</summary>
/// <param name="runsFolder">The folder.</param>
public sealed class RunCatalog(string runsFolder)
{
    private const int IdsInSuggestion = 8;
    private readonly Lazy<IReadOnlyList<RunRecord>> _runs = new(() => Read(runsFolder));

    /// <summary>The runs of all recipes, the newest first.</summary>
    public IReadOnlyList<RunRecord> Runs => _runs.Value;

    /// <summary>
    /// Finds a run by a reference that a person wrote: its id or the beginning of it, a recipe's name for the newest
    /// run of that recipe, <c>@1</c> for the newest run of all, <c>@2</c> for the run before that.
    /// </summary>
    /// <exception cref="UsageException">No run fits, or several do. The message lists the runs.</exception>
    public RunRecord Find(string reference)
    {
        if (Runs.Count == 0)
        {
            throw new UsageException($"{runsFolder} has no runs. Start one: ./lab run recipes/quickstart.yaml");
        }

        if (reference.StartsWith('@'))
        {
            return int.TryParse(reference.AsSpan(1), out var number) && number >= 1 && number <= Runs.Count
                ? Runs[number - 1]
                : throw new UsageException($"No run '{reference}': @1 is the newest and @{Runs.Count} the oldest of {Runs.Count}.");
        }

        if (Runs.FirstOrDefault(run => run.Id == reference || run.Recipe == reference) is { } named)
        {
            return named;
        }

        var fitting = Runs.Where(run => reference.Length > 0 && run.Id.StartsWith(reference, StringComparison.Ordinal)).ToList();
        return fitting.Count switch
        {
            1 => fitting[0],
            0 => throw new UsageException(Sentence(Suggestion.No("run", reference, "runs", [.. Runs.Select(run => run.Recipe).Distinct(), .. Runs.Take(IdsInSuggestion).Select(run => run.Id)]))),
            _ => throw new UsageException($"'{reference}' is the beginning of the ids of {fitting.Count} runs: {string.Join(", ", fitting.Take(IdsInSuggestion).Select(run => run.Id))}."),
        };
    }

    private static IReadOnlyList<RunRecord> Read(string runsFolder) => !Directory.Exists(runsFolder) ? [] :
        [.. Directory.EnumerateDirectories(runsFolder).Where(folder => !RecipeReader.ReservedNames.Contains(Path.GetFileName(folder)))
            .SelectMany(RunFolder.Of).Where(run => Path.Exists(run.JournalFile) || Path.Exists(run.TrackingFile))
            .OrderByDescending(run => run.Id, StringComparer.Ordinal).Select(run => new RunRecord(run))];

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
