using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Planning;

/// <summary>
/// Estimates how long stages will take from how long stages took. Among the runs of the same plugin it takes the one
/// with the nearest options; among equals, the newest.
/// </summary>
public sealed class StageTimes
{
    private const int RunsRead = 20;
    private readonly List<Sample> _samples = [];

    /// <summary>
    /// Collects the times of the artifacts in the store, and of the recipe's newest runs, because their artifacts may
    /// be gone.
    /// </summary>
    public StageTimes(ArtifactStore store, RunHistory history)
    {
        foreach (var record in history.Runs.Take(RunsRead).SelectMany(run => run.Stages.Values).Where(record => record.Outcome == StageOutcome.Made))
        {
            Add(record.Identity!, record.Seconds, record.Time);
        }

        foreach (var manifest in store.All().Select(artifact => artifact.Manifest))
        {
            Add(manifest.Identity, manifest.Seconds, manifest.Finished);
        }
    }

    /// <summary>How long a stage will take from the start, or null when its plugin has never run.</summary>
    /// <param name="plugin">The plugin with its options, as the key uses them.</param>
    public StageEstimate? Estimate(JsonObject plugin)
    {
        var nearest = _samples.Where(sample => (string?)sample.Plugin["use"] == (string?)plugin["use"])
            .Select(sample => (sample, changes: IdentityDifference.Between(Rooted(sample.Plugin), Rooted(plugin))))
            .OrderBy(pair => pair.changes.Sum(change => change.Distance))
            .ThenByDescending(pair => pair.sample.Finished)
            .ThenByDescending(pair => pair.sample.Seconds)
            .FirstOrDefault();
        return nearest.sample is { } found ? new(TimeSpan.FromSeconds(found.Seconds), nearest.changes) : null;
    }

    private static JsonObject Rooted(JsonObject plugin) => new() { ["plugin"] = plugin.DeepClone() };

    private void Add(JsonObject identity, double seconds, DateTimeOffset finished)
    {
        if (identity["plugin"] is JsonObject plugin)
        {
            _samples.Add(new(plugin, seconds, finished));
        }
    }

    private sealed record Sample(JsonObject Plugin, double Seconds, DateTimeOffset Finished);
}

/// <summary>How long a stage will take.</summary>
/// <param name="Duration">The time of the nearest run.</param>
/// <param name="Changes">How the stage differs from that run; empty when its options are the same.</param>
public sealed record StageEstimate(TimeSpan Duration, IReadOnlyList<IdentityChange> Changes);
