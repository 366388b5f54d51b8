using Experiments.Engine.Tracking;

namespace Experiments.Engine.Runs;

/// <summary>Finds what is damaged in the folders of runs and sweeps.</summary>
public static class RunDamage
{
    /// <summary>One line for each damaged file of a folder of runs: what is wrong, and what to do.</summary>
    public static IReadOnlyList<string> In(string runsFolder) =>
    [
        .. new RunCatalog(runsFolder).Runs.SelectMany(run => Of(run, $"`lab resume {run.Id}` finds its artifacts again and writes them down")),
        .. SweepFolder.All(runsFolder).Select(sweep => new RunRecord(sweep.AsRun)).SelectMany(sweep => Of(sweep, "the same `lab sweep` command finds its trials again")),
    ];

    private static IEnumerable<string> Of(RunRecord run, string remedy)
    {
        if (run.JournalDamage is { } journal)
        {
            yield return $"{run.Folder.JournalFile}: {journal}; {remedy}";
        }

        if (run.RecipeDamage is { } recipe)
        {
            yield return $"{run.Folder.RecipeFile}: {recipe}; the run cannot be resumed: run its recipe again, which finds its artifacts";
        }

        var lines = TrackingLines.Read(run.Folder.TrackingFile, 0).Count(line => line.Entry is null);
        if (lines > 0)
        {
            yield return $"{run.Folder.TrackingFile}: {lines} damaged {(lines == 1 ? "line" : "lines")}; the tracker does not get {(lines == 1 ? "it" : "them")}, and the rest is sent";
        }
    }
}
