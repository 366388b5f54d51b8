using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>A run in one line.</summary>
/// <param name="Run">The run.</param>
/// <param name="Status">Its status.</param>
/// <param name="Duration">The time that it took so far.</param>
/// <param name="Done">Number of stages whose artifact exists.</param>
/// <param name="Stages">Number of stages in its recipe.</param>
/// <param name="Newest">The last stage that has results, or null.</param>
/// <param name="Results">The results of that stage: first those that its conditions check, then the others, without
/// groups such as <c>dropped/</c>.</param>
public sealed record RunSummary(
    RunRecord Run, RunStatus Status, TimeSpan Duration, int Done, int Stages, string? Newest, IReadOnlyList<KeyValuePair<string, double>> Results)
{
    /// <summary>Summarizes a run.</summary>
    public static RunSummary Of(RunRecord run, ArtifactStore store, DateTimeOffset now)
    {
        var status = run.Status(now);
        var duration = run.Duration + (status == RunStatus.Running && run.Journal is [.., var last] ? now - (DateTimeOffset)last["time"]! : TimeSpan.Zero);
        var stages = run.Resolved?["stages"] as JsonObject;
        var newest = (
            from record in run.Stages.Values.Where(record => record.Key is not null).OrderByDescending(record => record.Time)
            let plugin = (string?)record.Identity?["plugin"]?["use"]
            let manifest = plugin is null ? null : store.Peek(plugin, record.Key!)
            where manifest is not null
            let figures = Figures(manifest, stages?[record.Stage]?["expect"] as JsonObject)
            where figures.Count > 0
            select (record.Stage, figures)).FirstOrDefault();
        return new(run, status, duration, run.Stages.Values.Count(record => record.IsDone), stages?.Count ?? run.Stages.Count, newest.Stage, newest.figures ?? []);
    }

    private static IReadOnlyList<KeyValuePair<string, double>> Figures(ArtifactManifest manifest, JsonObject? gates) =>
        [.. (gates ?? []).Select(gate => gate.Key).Where(manifest.Results.ContainsKey)
            .Concat(manifest.Results.Keys.Where(name => !name.Contains('/', StringComparison.Ordinal) && !name.EndsWith("_per_second", StringComparison.Ordinal)))
            .Distinct().Select(name => KeyValuePair.Create(name, manifest.Results[name]))];
}
