using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Execution;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Planning;

/// <summary>Decides what is to be done about each stage.</summary>
/// <param name="store">What exists.</param>
/// <param name="history">What earlier runs of the recipe did: only to give reasons.</param>
public sealed class Planner(ArtifactStore store, RunHistory history)
{
    private readonly CodeDigest _code = new();

    /// <summary>Plans all stages of a recipe, in topological order, without running any.</summary>
    public IReadOnlyList<PlannedStage> Plan(CheckedRecipe recipe)
    {
        List<PlannedStage> plan = [];
        Dictionary<string, StoredArtifact> made = [];
        foreach (var stage in recipe.Stages)
        {
            var waiting = stage.Upstream.Where(name => !made.ContainsKey(name)).ToList();
            var planned = waiting.Count > 0
                ? new PlannedStage(stage, StageState.Run, $"its input comes from {string.Join(" and ", waiting.Select(name => $"'{name}'"))}, which will run", Work: null)
                : Plan(stage, recipe.Seed, made);
            plan.Add(planned);
            if (planned.Artifact is { } artifact)
            {
                made[stage.Name] = artifact;
            }
        }

        return plan;
    }

    /// <summary>Plans one stage whose upstream stages are all made.</summary>
    public PlannedStage Plan(BoundStage stage, ulong seed, IReadOnlyDictionary<string, StoredArtifact> made)
    {
        var work = InputResolver.Resolve(stage, seed, made);
        if (store.Find(stage.Plugin.Name, work.Key) is { } artifact)
        {
            return new(stage, StageState.Hit, $"made {artifact.Manifest.Finished:yyyy-MM-dd HH:mm} UTC", work, artifact, Warning: Warning(stage, artifact.Manifest));
        }

        return AttemptCheckpoints.Newest(EarlierAttempts(stage, work)) is { } found
            ? new(stage, StageState.Resume, $"broken off; its checkpoint at step {found.Checkpoint.Step} is whole", work, Step: found.Checkpoint.Step)
            : new(stage, StageState.Run, Reason(stage, work.Identity), work);
    }

    /// <summary>Folders of earlier attempts at a stage's key.</summary>
    public IReadOnlyList<string> EarlierAttempts(BoundStage stage, StageWork work)
    {
        var folder = store.WorkFolder(stage.Plugin.Name, work.Key);
        return Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>The code of a stage's plugin and of those nested in its options, as it is now.</summary>
    public IReadOnlyList<PluginCode> CodeOf(BoundStage stage) => [.. Shipped(stage).Select(_code.Of)];

    /// <summary>Plugins that a file brought along have their source in the key.</summary>
    private static IEnumerable<PluginDescription> Shipped(BoundStage stage) => stage.Plugins.Where(plugin => plugin.Source is null);

    private string? Warning(BoundStage stage, ArtifactManifest manifest)
    {
        var changed = (
            from plugin in Shipped(stage)
            join recorded in manifest.Code ?? [] on (plugin.Kind, plugin.Name) equals (recorded.Kind, recorded.Plugin)
            where !_code.IsSame(recorded, plugin)
            select $"{plugin.Name}@{plugin.Version}").ToList();
        return changed.Count == 0 ? null : $"made by other code of {string.Join(" and ", changed)}: raise {(changed.Count == 1 ? "its Version" : "their Versions")}, or --force {stage.Name}";
    }

    private string Reason(BoundStage stage, JsonObject identity)
    {
        if (history.LastIdentity(stage.Name) is not { } last)
        {
            return "it has never run";
        }

        var differences = IdentityDifference.Between(last, identity);
        return differences.Count == 0 ? "it was not finished, or its artifact is gone" : string.Join("; ", differences);
    }
}
