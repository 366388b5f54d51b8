using System.Globalization;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Host.Display;

/// <summary>Writes all events and messages of a run to its <c>log.txt</c>.</summary>
public sealed class RunLog : IRunObserver, IDisposable
{
    /// <summary>The name of the log file in the run's folder.</summary>
    public const string FileName = "log.txt";

    private readonly DisarmedWriter _writer;
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;

    /// <summary>Opens the log of a run for appending.</summary>
    public RunLog(RunFolder run, TimeProvider time)
    {
        var path = Path.Combine(run.Path, FileName);
        _writer = new(new StreamWriter(DurableFiles.Reopen(path, stream => Copy(path, stream))) { AutoFlush = true });
        _time = time;
    }

    /// <inheritdoc/>
    public void RunStarted(RunFolder run, bool isResumed, CheckedRecipe recipe) => Write(recipe.Name, $"run {run.Id} {(isResumed ? "resumes" : "starts")}: {recipe.Path}");

    /// <inheritdoc/>
    public void StageWaits(BoundStage stage, string text) => Write(stage.Name, text);

    /// <inheritdoc/>
    public void StageStarted(PlannedStage stage) => Write(stage.Stage.Name, $"{Phrases.Of(stage)}: {stage.Reason}");

    /// <inheritdoc/>
    public void StageSays(BoundStage stage, WorkerEvent message)
    {
        var text = message switch
        {
            Logged { IsWarning: true } logged => "warning: " + logged.Text,
            Logged logged => logged.Text,
            Resumed resumed => $"resumes from the checkpoint at step {resumed.Step}",
            Checkpointed checkpointed => $"checkpoint at step {checkpointed.Step}",
            _ => null,
        };
        if (text is not null)
        {
            Write(stage.Name, text);
        }
    }

    /// <inheritdoc/>
    public void StageEnded(StageRun stage)
    {
        Write(stage.Stage.Name, $"{Phrases.Of(stage)} {Phrases.Figures(stage)}".TrimEnd());
        if (stage.Outcome == StageOutcome.Failed)
        {
            Write(stage.Stage.Name, $"{stage.Message}\n{stage.Detail}".TrimEnd());
        }
    }

    /// <inheritdoc/>
    public void RunEnded(RunResult result) => Write("", Phrases.Of(result));

    /// <summary>Writes a warning that belongs to no stage.</summary>
    public void Warn(string message) => Write("", "warning: " + message);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static void Copy(string path, Stream target)
    {
        try
        {
            using var source = RegularFile.Open(path);
            source.CopyTo(target);
        }
        catch (Exception problem) when (problem is FileNotFoundException or NotAFileException)
        {
            // The log begins here.
        }
    }

    private void Write(string stage, string text)
    {
        lock (_gate) // warnings come from any thread
        {
            _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow():yyyy-MM-dd HH:mm:ss.fff} {stage,-12} {text.Replace("\n", "\n    ", StringComparison.Ordinal)}"));
        }
    }
}
