using Experiments.Engine.Artifacts;
using Experiments.Engine.Code;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Planning;

/// <summary>Decides what a run does about each stage.</summary>
/// <param name="store">The store, which holds what exists.</param>
/// <param name="history">The earlier runs of the recipe. They are only used to give reasons.</param>
public sealed class Planner(ArtifactStore store, RunHistory history)
{
    private const int NamesShown = 3;

    private readonly CodeDigest _code = new();

    /// <summary>Whether unfinished work is started again, instead of resumed from its checkpoints. Default: false.</summary>
    public bool StartsAfresh { get; init; }

    /// <summary>Plans all stages of a recipe, in topological order, without running any.</summary>
    public IReadOnlyList<PlannedStage> Plan(CheckedRecipe recipe)
    {
        List<PlannedStage> plan = [];
        Dictionary<string, StoredArtifact> made = [];
        foreach (var stage in recipe.Stages)
        {
            var waiting = stage.Upstream.Where(name => !made.ContainsKey(name)).ToList();
            var planned = waiting.Count > 0
                ? new PlannedStage(stage, StageState.Run, Waits(stage, recipe.Seed, waiting), Work: null)
                : Plan(stage, recipe.Seed, made);
            plan.Add(planned);
            if (planned.Artifact is { } artifact)
            {
                made[stage.Name] = artifact;
            }
        }

        return plan;
    }

    /// <summary>Plans one stage, after all its upstream stages were made.</summary>
    public PlannedStage Plan(BoundStage stage, ulong seed, IReadOnlyDictionary<string, StoredArtifact> made)
    {
        var work = InputResolver.Resolve(stage, seed, made);
        if (store.Find(stage.Plugin.Name, work.Key) is { } artifact)
        {
            return new(stage, StageState.Hit, $"made {artifact.Manifest.Finished:yyyy-MM-dd HH:mm} UTC", work, artifact, Warning: Warning(stage, artifact.Manifest));
        }

        var found = CheckpointSearch.Newest(EarlierAttempts(stage, work));
        return found is null ? new(stage, StageState.Run, Reason(stage, work, made), work)
            : StartsAfresh ? new(stage, StageState.Run, $"--fresh: its checkpoint at step {found.Checkpoint.Step} is ignored", work)
            : new(stage, StageState.Resume, $"it was interrupted and can resume from step {found.Checkpoint.Step}", work, Step: found.Checkpoint.Step);
    }

    /// <summary>The folders of earlier attempts at a stage's key.</summary>
    public IReadOnlyList<string> EarlierAttempts(BoundStage stage, StageWork work) => [.. AttemptFolder.All(store.WorkFolder(stage.Plugin.Name, work.Key))];

    /// <summary>
    /// Why a stage has no key yet: the upstream stages that must run first, after the changes in the stage itself.
    /// </summary>
    private string Waits(BoundStage stage, ulong seed, IReadOnlyList<string> waiting)
    {
        var names = waiting.Take(NamesShown).Select(name => $"'{name}'").ToList();
        if (waiting.Count > NamesShown)
        {
            names.Add($"{waiting.Count - NamesShown} more");
        }

        var upstream = names.Count == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
        var own = history.Last(stage.Name) is { } last ? CauseTracer.OwnChanges(last.Record.Identity!, stage, seed) : [];
        return string.Join("; ", own.Select(change => change.ToString()).Append($"reads {upstream}, which {(waiting.Count == 1 ? "runs" : "run")} first"));
    }

    /// <summary>The present code of a stage's plugin and of the plugins nested in its options.</summary>
    public IReadOnlyList<PluginCode> CodeOf(BoundStage stage) => [.. Shipped(stage).Select(_code.Of)];

    /// <summary>
    /// The shipped plugins among a stage's plugins. For a plugin from a plugin file the key already has its source.
    /// </summary>
    private static IEnumerable<PluginDescription> Shipped(BoundStage stage) => stage.Plugins.Where(plugin => plugin.Source is null);

    private string? Warning(BoundStage stage, ArtifactManifest manifest)
    {
        var changed = (
            from plugin in Shipped(stage)
            where manifest.Code?.FirstOrDefault(each => each.Kind == plugin.Kind && each.Plugin == plugin.Name) is { } recorded && !_code.IsSame(recorded, plugin)
            select $"{plugin.Name}@{plugin.Version}").ToList();
        var versions = changed.Count == 1 ? "its Version" : "their Versions";
        return changed.Count == 0 ? null : $"made by different code of {string.Join(" and ", changed)}: raise {versions}, or --force {stage.Name}";
    }

    private string Reason(BoundStage stage, StageWork work, IReadOnlyDictionary<string, StoredArtifact> made)
    {
        if (history.Last(stage.Name) is not var (last, run))
        {
            return "it has never run";
        }

        var changes = IdentityDifference.Between(last.Identity, work.Identity);
        return changes.Count == 0
            ? last.Outcome switch
            {
                StageOutcome.Failed => $"it failed: {last.Message?.Split('\n')[0]}",
                StageOutcome.Made or StageOutcome.Found => "its artifact is no longer in the store",
                _ => "it was interrupted before its first checkpoint",
            }
            : string.Join("; ", changes.Select(change => change.Input is { } input ? $"{change}{OfInput(stage, input, run, made)}" : change.ToString()));
    }

    /// <summary>How the stages that make an input have changed since a run. Looks only one step upstream.</summary>
    private string OfInput(BoundStage stage, string input, RunRecord since, IReadOnlyDictionary<string, StoredArtifact> made)
    {
        var causes =
            from source in stage.Inputs.Where(each => each.Name == input).SelectMany(each => each.Sources).OfType<StageOutput>().DistinctBy(source => source.Stage)
            let before = history.Last(source.Stage, until: since)?.Record.Identity
            where before is not null
            let changes = IdentityDifference.Between(before, made[source.Stage].Manifest.Identity)
            where changes.Count > 0
            let own = changes.Where(change => change.Input is null).ToList()
            select $"'{source.Stage}' was made again, {(own.Count > 0 ? string.Join(", ", own) : "from different input")}";
        var text = string.Join(", ", causes);
        return text.Length > 0 ? $" ({text})" : "";
    }
}
