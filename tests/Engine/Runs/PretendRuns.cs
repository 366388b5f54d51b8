using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Recipes;
using Microsoft.Extensions.Time.Testing;

namespace Experiments.Engine.Tests.Runs;

/// <summary>
/// A folder of runs whose stages are not run by workers: the test chooses a text as the output of each stage.
/// </summary>
internal sealed class PretendRuns : IDisposable
{
    public RecipeBench Bench { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

    public string Folder => Path.Combine(Bench.Root, "runs");

    public ArtifactStore Store => new(Path.Combine(Folder, "artifacts"), _ => { });

    public RunHistory History(CheckedRecipe recipe) => new(Path.Combine(Folder, recipe.Name));

    public IReadOnlyList<PlannedStage> Plan(CheckedRecipe recipe) => new Planner(Store, History(recipe)).Plan(recipe);

    public string Reason(CheckedRecipe recipe, string stage) => Plan(recipe).Single(each => each.Stage.Name == stage).Reason;

    public Cause Trace(CheckedRecipe recipe, string stage) => new CauseTracer(Plan(recipe), recipe.Seed, History(recipe)).Trace(stage);

    /// <summary>Runs a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="content">
    /// The output of a stage. Default: the plugin's options, so that different options give different bytes.
    /// </param>
    /// <param name="end">How the run ends. Null = it ends without an entry in its journal.</param>
    /// <param name="until">The stage in which the run ends. Null = the last one.</param>
    /// <param name="process">The process id in the run's journal. Default: that of a dead process.</param>
    public RunFolder Run(CheckedRecipe recipe, Func<BoundStage, string>? content = null, EndStatus? end = EndStatus.Done, string? until = null, int process = 999_999_999)
    {
        Time.Advance(TimeSpan.FromHours(1));
        using var opened = RunFolder.OpenOrCreateAsync(Path.Combine(Folder, recipe.Name), recipe.Resolved, Time, _ => { }, CancellationToken.None).GetAwaiter().GetResult();
        using var journal = RunJournal.Open(opened.Folder.JournalFile, Time);
        var call = new RunCall(recipe.Path, Bench.Root, recipe.Arguments, new RunSelection());
        journal.Append(RunEvents.RunStarted, new JsonObject { ["host"] = Environment.MachineName, ["process"] = process, ["run"] = opened.Folder.Id, ["recipe"] = Digest.OfText(CanonicalJson.Text(recipe.Resolved)), ["call"] = call.ToJson() });
        Dictionary<string, StoredArtifact> made = [];
        foreach (var stage in recipe.Stages)
        {
            var planned = new Planner(Store, History(recipe)).Plan(stage, recipe.Seed, made);
            var facts = new JsonObject { ["stage"] = stage.Name, ["key"] = planned.Work!.Key, ["identity"] = planned.Work.Identity.DeepClone() };
            if (planned.State != StageState.Hit)
            {
                journal.Append(RunEvents.StageStarted, facts.DeepClone().AsObject());
            }

            if (stage.Name == until)
            {
                break;
            }

            Time.Advance(TimeSpan.FromSeconds(10));
            made[stage.Name] = planned.Artifact ?? Commit(stage, planned.Work, content?.Invoke(stage) ?? stage.Identity.ToJsonString());
            facts["outcome"] = planned.State == StageState.Hit ? "Found" : "Made";
            facts["seconds"] = planned.State == StageState.Hit ? 0 : 10;
            journal.Append(RunEvents.StageDone, facts);
        }

        if (end is { } ended)
        {
            journal.Append(RunEvents.RunEnded, new JsonObject { ["status"] = ended.Word() });
        }

        return opened.Folder;
    }

    public void Dispose() => Bench.Dispose();

    private StoredArtifact Commit(BoundStage stage, StageWork work, string content)
    {
        var output = Directory.CreateDirectory(Path.Combine(Store.WorkFolder(stage.Plugin.Name, work.Key), "attempt", "output")).FullName;
        List<StoredPart> parts = [];
        foreach (var part in stage.Plugin.Outputs)
        {
            var folder = Directory.CreateDirectory(Path.Combine(output, part.Part)).FullName;
            File.WriteAllText(Path.Combine(folder, "text.txt"), part.Part + content);
            var file = StoredFile.Of(folder, Path.Combine(folder, "text.txt"));
            parts.Add(new StoredPart(part.Part, part.ArtifactType.Name, Digest.OfFiles([file]), [file]));
        }

        var artifact = Store.Commit(output, stage.Plugin.Name, new ArtifactManifest
        {
            Plugin = stage.Plugin.Name,
            Key = work.Key,
            Identity = (JsonObject)work.Identity.DeepClone(),
            Options = stage.Full.DeepClone(),
            Parents = work.Parents,
            Sources = work.Sources,
            Parts = parts,
            Results = new Dictionary<string, double> { ["lines"] = content.Length },
            Environment = new Dictionary<string, string>(),
            Finished = Time.GetUtcNow(),
            Seconds = 10,
        });
        Directory.Delete(Store.WorkFolder(stage.Plugin.Name, work.Key), recursive: true);
        return artifact;
    }
}
