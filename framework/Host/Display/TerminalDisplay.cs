using Experiments.Contracts.Text;
using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Experiments.Host.Display;

/// <summary>
/// A run in the terminal: one line per stage, redrawn in place. A running stage has a bar, its rate and the time left.
/// </summary>
public sealed class TerminalDisplay(IAnsiConsole console, TimeProvider time) : IRunObserver
{
    private const int WarningsShown = 3;
    private const int BarWidth = 20;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Row> _rows = [];
    private readonly Queue<string> _warnings = [];
    private string _title = "";
    private string _end = "";

    /// <summary>Shows a run while it executes.</summary>
    public async Task<RunResult> ShowAsync(Func<Task<RunResult>> run)
    {
        RunResult? result = null;
        await console.Live(new Text("")).StartAsync(async live =>
        {
            var running = run();
            while (!running.IsCompleted)
            {
                live.UpdateTarget(Render());
                live.Refresh();
                await Task.WhenAny(running, Task.Delay(Refresh, time)).ConfigureAwait(false);
            }

            result = await running.ConfigureAwait(false);
            live.UpdateTarget(Render());
        }).ConfigureAwait(false);
        return result!;
    }

    /// <inheritdoc/>
    public void RunStarted(RunFolder run, bool isResumed, CheckedRecipe recipe)
    {
        lock (_gate)
        {
            _title = $"[bold]{Shown(recipe.Name)}[/] [grey]{run.Id}{(isResumed ? ", resumed" : "")}[/]";
            foreach (var stage in recipe.Stages)
            {
                _rows[stage.Name] = new Row("[grey]·[/]", $"[grey]{Shown(stage.Plugin.Name)}[/]", null);
            }
        }
    }

    /// <inheritdoc/>
    public void StageWaits(BoundStage stage, string text) => Set(stage, new Row("[yellow]…[/]", $"[grey]{Shown(text)}[/]", null));

    /// <inheritdoc/>
    public void StageStarted(PlannedStage stage) => Set(stage.Stage, new Row("[yellow]>[/]", $"[grey]{Shown(stage.Reason)}[/]", new ProgressMeter(time)));

    /// <inheritdoc/>
    public void StageSays(BoundStage stage, WorkerEvent message)
    {
        lock (_gate)
        {
            switch (message)
            {
                case Progressed progress:
                    _rows[stage.Name].Meter?.Update(progress);
                    break;
                case Logged { IsWarning: true } warning:
                    _warnings.Enqueue($"{stage.Name}: {warning.Text}");
                    while (_warnings.Count > WarningsShown)
                    {
                        _warnings.Dequeue();
                    }

                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void StageEnded(StageRun stage)
    {
        var mark = stage.Outcome switch
        {
            StageOutcome.Made => "[green]✓[/]",
            StageOutcome.Found => "[green]=[/]",
            StageOutcome.Failed => "[red]✗[/]",
            StageOutcome.Interrupted => "[yellow]‖[/]",
            _ => "[grey]-[/]",
        };
        var text = $"{Shown(Phrases.Of(stage))}  [grey]{Shown(Phrases.Figures(stage))}[/]";
        Set(stage.Stage, new Row(mark, stage.Outcome == StageOutcome.Failed ? $"[red]{Shown(stage.Message ?? "failed")}[/]" : text, null));
    }

    /// <inheritdoc/>
    public void RunEnded(RunResult result)
    {
        lock (_gate)
        {
            _end = Phrases.Of(result);
        }
    }

    private void Set(BoundStage stage, Row row)
    {
        lock (_gate)
        {
            _rows[stage.Name] = row;
        }
    }

    private IRenderable Render()
    {
        lock (_gate)
        {
            var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
            foreach (var (name, row) in _rows)
            {
                var progress = row.Meter?.ToString();
                grid.AddRow(row.Mark, Shown(name), string.IsNullOrEmpty(progress) ? row.Text : $"{Bar(row.Meter!.Share)}{Shown(progress)}");
            }

            List<IRenderable> lines = [new Markup(_title), grid];
            lines.AddRange(_warnings.Select(warning => new Markup($"[yellow]{Shown(warning)}[/]")));
            if (_end.Length > 0)
            {
                lines.Add(new Text(VisibleText.Disarm(_end)));
            }

            return new Rows(lines);
        }
    }

    private static string Shown(string text) => Markup.Escape(VisibleText.Disarm(text));

    private static string Bar(double? share)
    {
        if (share is not { } part)
        {
            return "";
        }

        var full = (int)Math.Round(part * BarWidth);
        return $"[green]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/] ";
    }

    private sealed record Row(string Mark, string Text, ProgressMeter? Meter);
}
