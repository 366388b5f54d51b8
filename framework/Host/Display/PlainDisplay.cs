using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Host.Display;

/// <summary>
/// A run as plain lines, for a pipe or a file: one line when a stage starts, one every few seconds, and one when it
/// ends.
/// </summary>
public sealed class PlainDisplay(TextWriter output, TimeProvider time) : IRunObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, ProgressMeter> _meters = [];
    private readonly Dictionary<string, long> _lastLines = [];
    private int _width;

    /// <inheritdoc/>
    public void RunStarted(RunFolder run, bool isResumed, CheckedRecipe recipe)
    {
        _width = recipe.Stages.Max(stage => stage.Name.Length);
        output.WriteLine($"{recipe.Name}: run {run.Id} {(isResumed ? "resumes" : "starts")}, {recipe.Stages.Count} stages");
    }

    /// <inheritdoc/>
    public void StageWaits(BoundStage stage, string text) => Write(stage, text);

    /// <inheritdoc/>
    public void StageStarted(PlannedStage stage)
    {
        _meters[stage.Stage.Name] = new ProgressMeter(time);
        _lastLines[stage.Stage.Name] = time.GetTimestamp();
        Write(stage.Stage, $"{Phrases.Of(stage)}: {stage.Reason}");
    }

    /// <inheritdoc/>
    public void StageSays(BoundStage stage, WorkerEvent message)
    {
        switch (message)
        {
            case Progressed progress:
                var meter = _meters[stage.Name];
                meter.Update(progress);
                if (time.GetElapsedTime(_lastLines[stage.Name]) >= Interval)
                {
                    _lastLines[stage.Name] = time.GetTimestamp();
                    Write(stage, meter.ToString());
                }

                break;
            case Logged { IsWarning: true } warning:
                Write(stage, "warning: " + warning.Text);
                break;
        }
    }

    /// <inheritdoc/>
    public void StageEnded(StageRun stage)
    {
        var figures = Phrases.Figures(stage);
        Write(stage.Stage, Phrases.Of(stage) + (figures.Length > 0 ? ": " + figures : ""));
        if (stage.Outcome == StageOutcome.Failed)
        {
            output.WriteLine(stage.Message);
        }
    }

    /// <inheritdoc/>
    public void RunEnded(RunResult result) => output.WriteLine(Phrases.Of(result));

    private void Write(BoundStage stage, string text) => output.WriteLine($"  {stage.Name.PadRight(_width)}  {text}");
}
