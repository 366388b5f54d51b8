using System.Text.Json.Nodes;
using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Host.Display;

/// <summary>A run as JSON lines, for scripts: <c>--json</c>. The first line names the run's id and folder.</summary>
public sealed class JsonDisplay(TextWriter output) : IRunObserver
{
    /// <inheritdoc/>
    public void RunStarted(RunFolder run, bool isResumed, CheckedRecipe recipe) =>
        Write("run_started", new() { ["run"] = run.Id, ["folder"] = run.Path, ["recipe"] = recipe.Name, ["resumed"] = isResumed });

    /// <inheritdoc/>
    public void StageWaits(BoundStage stage, string text) => Write("stage_waits", new() { ["stage"] = stage.Name, ["text"] = text });

    /// <inheritdoc/>
    public void StageStarted(PlannedStage stage) =>
        Write("stage_started", new() { ["stage"] = stage.Stage.Name, ["state"] = stage.State.ToString().ToLowerInvariant(), ["reason"] = stage.Reason, ["key"] = stage.Work?.Key });

    /// <inheritdoc/>
    public void StageSays(BoundStage stage, WorkerEvent message)
    {
        var line = JsonNode.Parse(message.ToLine())!.AsObject();
        line.Insert(1, "stage", stage.Name);
        output.WriteLine(line.ToJsonString());
    }

    /// <inheritdoc/>
    public void StageEnded(StageRun stage) => Write("stage_ended", new()
    {
        ["stage"] = stage.Stage.Name,
        ["outcome"] = stage.Outcome.ToString().ToLowerInvariant(),
        ["seconds"] = Math.Round(stage.Duration.TotalSeconds, 3),
        ["artifact"] = stage.Artifact?.Folder,
        ["message"] = stage.Message,
    });

    /// <inheritdoc/>
    public void RunEnded(RunResult result) => Write("run_ended", new()
    {
        ["run"] = result.Run?.Id,
        ["exit_code"] = result.ExitCode,
        ["seconds"] = Math.Round(result.Duration.TotalSeconds, 3),
    });

    private void Write(string kind, JsonObject facts)
    {
        facts.Insert(0, "event", kind);
        output.WriteLine(facts.ToJsonString());
    }
}
