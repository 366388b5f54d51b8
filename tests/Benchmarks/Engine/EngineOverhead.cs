using System.Text.Json.Nodes;
using Experiments.Engine.Runs;

namespace Experiments.Benchmarks;

/// <summary>
/// The time that a run spends outside its stages' attempts: planning, comparing inputs, the journal, fsync, commits,
/// tracking.
/// </summary>
internal static class EngineOverhead
{
    /// <summary>
    /// The overhead of a run, from its journal: its total time without that of its stages, which must not have run in
    /// parallel.
    /// </summary>
    public static (TimeSpan Total, TimeSpan Engine) Of(RunFolder run)
    {
        var journal = run.ReadJournal();
        var total = Time(journal[^1]) - Time(journal[0]);
        var stages = journal.Where(entry => (string?)entry["event"] == RunEvents.StageDone)
            .Sum(entry => (double)entry["seconds"]!);
        return (total, total - TimeSpan.FromSeconds(stages));
    }

    private static DateTimeOffset Time(JsonObject entry) => (DateTimeOffset)entry["time"]!;
}
