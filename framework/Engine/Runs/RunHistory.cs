namespace Experiments.Engine.Runs;

/// <summary>The earlier runs of one recipe, read from their journals.</summary>
/// <param name="recipeFolder">The folder of the recipe's runs.</param>
public sealed class RunHistory(string recipeFolder)
{
    private readonly Lazy<IReadOnlyList<RunRecord>> _runs = new(() => [.. RunFolder.Of(recipeFolder).Select(run => new RunRecord(run))]);

    /// <summary>The runs, the newest first.</summary>
    public IReadOnlyList<RunRecord> Runs => _runs.Value;

    /// <summary>The memory that a stage used when it last ran. Unit: bytes; 0 when that is unknown.</summary>
    public long LastPeakMemory(string stage) =>
        Runs.Select(run => run.Stages.GetValueOrDefault(stage)?.PeakMemory ?? 0).FirstOrDefault(peak => peak > 0);

    /// <summary>The newest record of a stage that has a key, with its run; null when there is none.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="until">Only searches this run and those before it; null searches all.</param>
    public (StageRecord Record, RunRecord Run)? Last(string stage, RunRecord? until = null)
    {
        foreach (var run in Runs.SkipWhile(run => until is not null && run.Id != until.Id))
        {
            if (run.Stages.GetValueOrDefault(stage) is { Identity: not null } record)
            {
                return (record, run);
            }
        }

        return null;
    }
}
