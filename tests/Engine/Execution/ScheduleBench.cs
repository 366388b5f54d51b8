using Experiments.Engine.Artifacts;
using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Recipes;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;

namespace Experiments.Engine.Tests.Execution;

/// <summary>
/// Runs recipes of fake stages whose worker is a shell script. <c>$1</c> is the attempt's folder, <c>$shared</c> a
/// folder for all stages.
/// </summary>
internal sealed class ScheduleBench : IDisposable
{
    private readonly RecipeBench _recipes = new();
    private readonly string _script;

    public ScheduleBench(string script = "")
    {
        _script = Path.Combine(_recipes.Root, "worker.sh");
        Worker = script;
    }

    /// <summary>What the worker does after it wrote a line of text and a metric. If it exits with 0, it says that it is done.</summary>
    public string Worker
    {
        set => File.WriteAllText(
            _script,
            $$"""
              shared='{{Shared}}'
              set -e
              finish() { # EXIT-CODE
                [ "$1" = 0 ] || return 0
                size() { wc -c < "$output/$1" | tr -d ' '; }
                printf '{"event":"finished","peak_memory":0,"parts":[{"name":"","type":"Documents","files":[{"path":"lines.txt","size":%s}]}],"metrics_length":%s}\n' "$(size lines.txt)" "$(size metrics.jsonl)"
              }
              output="$1/output"
              trap 'finish $?' EXIT
              echo line > "$1/output/lines.txt"
              echo '{"name":"lines","value":1,"step":null,"time":"2026-01-31T12:00:00+00:00"}' > "$1/output/metrics.jsonl"
              {{value}}
              """);
    }

    /// <summary>What the runs did, in order: <c>a begins</c>, <c>a ends</c>.</summary>
    public List<string> Events { get; } = [];

    /// <summary>What the store set aside.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The clock of the runs, not of their workers.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Hears of each stage that ended. Default: nothing.</summary>
    public Action<StageRun> OnStageEnded { get; set; } = _ => { };

    /// <summary>The folder that all workers share.</summary>
    public string Shared => Directory.CreateDirectory(Path.Combine(_recipes.Root, "shared")).FullName;

    public ArtifactStore Store => new(Path.Combine(_recipes.Root, "runs", "artifacts"), Warnings.Add);

    public async Task<RunResult> RunAsync(string recipe, RunLimits? limits = null, params string[] force)
    {
        var executor = new RunExecutor(Store, new LocalLauncher(new OwnCommand("/bin/sh", [_script]), TimeProvider.System), Path.Combine(_recipes.Root, "runs"), Time);
        return await executor.RunAsync(
            _recipes.Read(recipe), new RunSelection { Force = force }, limits ?? new RunLimits(4, long.MaxValue, 4, 4),
            _ => Task.FromResult<IRunObserver>(new Recorder(Events, OnStageEnded)), TestContext.Current.CancellationToken);
    }

    /// <summary>The names of the stages with an outcome, in the recipe's order.</summary>
    public static IEnumerable<string> Names(RunResult result, StageOutcome outcome) => result.Stages.Where(stage => stage.Outcome == outcome).Select(stage => stage.Stage.Name);

    public void Dispose() => _recipes.Dispose();

    private sealed class Recorder(List<string> events, Action<StageRun> onStageEnded) : IRunObserver
    {
        public void RunStarted(RunFolder run, bool isResumed, CheckedRecipe recipe)
        {
        }

        public void StageWaits(BoundStage stage, string text)
        {
        }

        public void StageStarted(PlannedStage stage) => Add($"{stage.Stage.Name} begins");

        public void StageSays(BoundStage stage, WorkerEvent message)
        {
        }

        public void StageEnded(StageRun stage)
        {
            Add($"{stage.Stage.Name} ends");
            onStageEnded(stage);
        }

        public void RunEnded(RunResult result)
        {
        }

        private void Add(string what)
        {
            lock (events)
            {
                events.Add(what);
            }
        }
    }
}
