using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Planning;

/// <summary>Finds the upstream changes that cause a stage's changes.</summary>
/// <param name="plan">All stages of the recipe.</param>
/// <param name="seed">The recipe's seed.</param>
/// <param name="history">The earlier runs of the recipe.</param>
public sealed class CauseTracer(IReadOnlyList<PlannedStage> plan, ulong seed, RunHistory history)
{
    private readonly Dictionary<string, PlannedStage> _plan = plan.ToDictionary(stage => stage.Stage.Name);

    /// <summary>How a stage differs from its last run.</summary>
    /// <param name="stage">The stage's name.</param>
    public Cause Trace(string stage) => Trace(stage, until: null);

    /// <summary>The changes in a stage itself, without those in its inputs.</summary>
    internal static IReadOnlyList<IdentityChange> OwnChanges(JsonObject before, BoundStage stage, ulong seed) => IdentityDifference.Between(
        new JsonObject { ["plugin"] = before["plugin"]?.DeepClone(), ["seed"] = before["seed"]?.DeepClone() },
        new JsonObject { ["plugin"] = stage.Identity.DeepClone(), ["seed"] = seed });

    private Cause Trace(string name, RunRecord? until)
    {
        var planned = _plan[name];
        if (history.Last(name, until) is not var (last, run))
        {
            return new(name, null, [], []);
        }

        var changes = planned.Work is { } work
            ? IdentityDifference.Between(last.Identity, work.Identity)
            : OwnChanges(last.Identity!, planned.Stage, seed);
        var changed = changes.Select(change => change.Input).OfType<string>().ToHashSet();
        var gone = changes.Where(change => change.Input is { } input && planned.Stage.Inputs.All(each => each.Name != input));
        return new(
            name,
            run,
            [.. changes.Where(change => change.Input is null)],
            [
                .. planned.Stage.Inputs.SelectMany(input => Inputs(planned, input, last, run, changed)),
                .. gone.Select(change => new InputCause(change.Input!, change.ToString(), null)),
            ]);
    }

    private IEnumerable<InputCause> Inputs(PlannedStage planned, BoundInput input, StageRecord last, RunRecord run, HashSet<string> changed)
    {
        var before = Digests(last.Identity?["inputs"]?[input.Name]);
        foreach (var source in input.Sources)
        {
            var name = source.Label is null ? input.Name : $"{input.Name}.{source.Label}";
            switch (source)
            {
                case StageOutput output when _plan[output.Stage].Artifact is null:
                    yield return new(name, $"'{output.Stage}' will make it again", Trace(output.Stage, run));
                    break;
                case StageOutput output when changed.Contains(input.Name) && !before.Contains(_plan[output.Stage].Artifact!.DigestOf(output.Part)):
                    yield return new(name, $"'{output.Stage}' made different content", Trace(output.Stage, run));
                    break;
                case ExternalFiles files when changed.Contains(input.Name) && !before.Contains(Digest(planned, input, source)):
                    yield return new(name, $"the files of {files.Pattern} have different names or content", null);
                    break;
            }
        }
    }

    private static string Digest(PlannedStage planned, BoundInput input, InputSource source) =>
        planned.Work!.Inputs.First(each => each.Name == input.Name).Sources[input.Sources.ToList().IndexOf(source)].Digest;

    private static HashSet<string> Digests(JsonNode? sources) =>
        [.. (sources as JsonArray ?? []).Select(source => source is JsonObject labelled ? (string?)labelled["digest"] : (string?)source).OfType<string>()];
}
