using System.Text.Json.Nodes;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Tracking;
using Experiments.Engine.Workers;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Execution;

/// <summary>
/// Writes the events of a run into its tracking journal. The run is a parent run, and each stage is a nested run
/// with its options as params. A stage that was found in the store is tracked with the metrics that were recorded
/// when it was made, so that runs can be compared completely. The parent run of a trial is nested in its sweep and has
/// its point among its params.
/// </summary>
/// <param name="journal">The journal.</param>
/// <param name="facts">Facts about the run that are not in its recipe.</param>
/// <param name="sampling">Samples the load of the machine until the run ends; null for no samples.</param>
/// <param name="trial">For a trial, its sweep and its point; otherwise null.</param>
public sealed class TrackedRun(TrackingJournal journal, RunFacts facts, SystemSampling? sampling, TrialMark? trial = null) : IRunObserver
{
    private readonly HashSet<string> _started = [];
    private Secrets _secrets = new();
    private string _run = "";

    /// <inheritdoc/>
    public void RunStarted(RunFolder run, bool isResumed, CheckedRecipe recipe)
    {
        (_run, _secrets) = (run.Id, recipe.Secrets);
        if (trial is null)
        {
            journal.StartRun(_run, $"{recipe.Name} {run.Id}", tags: facts.Tags);
        }
        else
        {
            journal.JoinRun(trial.TrackedSweep, trial.TrackedName(recipe.Name));
            journal.StartRun(_run, $"{recipe.Name} trial {trial.Number}", trial.TrackedSweep, new Dictionary<string, string>(facts.Tags) { ["lab.sweep"] = trial.Sweep, ["lab.trial"] = $"{trial.Number}" });
            journal.LogParams(_run, Params(trial.Values.ToJson()));
        }

        journal.LogParams(_run, new Dictionary<string, string> { ["seed"] = $"{recipe.Seed}" });
        journal.LogArtifact(_run, run.RecipeFile);
        if (facts.Diff is not null)
        {
            var file = Path.Combine(run.Path, RunFacts.DiffFile);
            File.WriteAllText(file, facts.Diff);
            journal.LogArtifact(_run, file);
        }

        sampling?.Start(_run);
    }

    /// <inheritdoc/>
    public void StageWaits(BoundStage stage, string text)
    {
    }

    /// <inheritdoc/>
    public void StageStarted(PlannedStage stage)
    {
        Start(stage.Stage);
        foreach (var (name, source) in stage.Work!.Inputs.SelectMany(input => input.Sources.Select(source => (input.Name, source))))
        {
            journal.LogInput(Nested(stage.Stage), name, source.Digest, _secrets.Hide(source.Location.Folder));
        }
    }

    /// <inheritdoc/>
    public void StageSays(BoundStage stage, WorkerEvent message)
    {
        if (message is Measured metric)
        {
            journal.LogMetrics(Nested(stage), [new MetricPoint(metric.Name, metric.Value, metric.Step, metric.Time)]);
        }
    }

    /// <inheritdoc/>
    public void StageEnded(StageRun stage)
    {
        if (stage.Outcome is StageOutcome.Skipped || (stage.Outcome is StageOutcome.Interrupted && !_started.Contains(stage.Stage.Name)))
        {
            return;
        }

        Start(stage.Stage);
        var nested = Nested(stage.Stage);
        if (stage.Artifact is { } artifact)
        {
            journal.SetTags(nested, new Dictionary<string, string>
            {
                [RunTags.Key] = artifact.Manifest.Key,
                ["lab.artifact"] = artifact.Folder,
                ["lab.cached"] = stage.Outcome == StageOutcome.Found ? "true" : "false",
            });
            journal.LogMetrics(nested, MetricLines.Read(Path.Combine(artifact.Folder, ArtifactLocation.MetricsFile)));
            journal.LogMetrics(_run, artifact.Manifest.Results.Select(result => new MetricPoint($"{stage.Stage.Name}/{result.Key}", result.Value, null, artifact.Manifest.Finished)));
            foreach (var part in artifact.Manifest.Parts.Where(part => part.Type == nameof(Report)))
            {
                journal.LogArtifact(nested, Path.Combine(artifact.Folder, part.Name), "report");
            }
        }

        if (stage.Message is not null)
        {
            journal.SetTags(nested, new Dictionary<string, string> { [RunTags.Note] = stage.Message });
        }

        journal.EndRun(nested, stage.Outcome switch
        {
            StageOutcome.Made or StageOutcome.Found => EndStatus.Done,
            StageOutcome.Interrupted => EndStatus.Interrupted,
            _ => EndStatus.Failed,
        });
    }

    /// <inheritdoc/>
    public void RunEnded(RunResult result)
    {
        sampling?.Dispose();
        journal.EndRun(_run, result.Status);
    }

    private string Nested(BoundStage stage) => $"{_run}/{stage.Name}";

    private void Start(BoundStage stage)
    {
        if (_started.Add(stage.Name))
        {
            journal.StartRun(Nested(stage), stage.Name, _run, new Dictionary<string, string>(facts.SourceTags) { ["lab.plugin"] = $"{stage.Plugin.Name}@{stage.Plugin.Version}" });
            journal.LogParams(Nested(stage), Params(stage.Full));
        }
    }

    private static Dictionary<string, string> Params(JsonNode? options) => FlatJson.Values(options)
        .Where(option => option.Value is not (null or JsonObject))
        .ToDictionary(option => option.Key, option => FlatJson.Show(option.Value));
}
