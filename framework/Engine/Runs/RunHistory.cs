namespace Experiments.Engine.Runs;

/// <summary>What earlier runs of one recipe did, read from their journals.</summary>
/// <param name="recipeFolder">The folder of the recipe's runs.</param>
public sealed class RunHistory(string recipeFolder)
{
    private readonly Lazy<IReadOnlyList<RunRecord>> _runs = new(() => [.. RunFolder.Of(recipeFolder).Select(run => new RunRecord(run))]);

    /// <summary>The runs, the newest first.</summary>
    public IReadOnlyList<RunRecord> Runs => _runs.Value;

    /// <summary>The memory that a stage took when it last ran. Unit: bytes; 0 when that is unknown.</summary>
    public long LastPeakMemory(string stage) =>
        Runs.Select(run => run.Stages.GetValueOrDefault(stage)?.PeakMemory ?? 0).FirstOrDefault(peak => peak > 0);

    /// <summary>What is recorded of a stage when it last had a key, with the run that recorded it; null when it never had one.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="until">Only this run and those before it; null for all.</param>
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
