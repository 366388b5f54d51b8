using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;

namespace Experiments.Engine.Sweeps;

/// <summary>
/// Runs each trial as an ordinary run in a process of its own, <c>lab run ... --json</c>, over the same store: what trials share is made once. The
/// process stops, saving where it is, when the end of its standard input is closed: on an interruption, or because this process died.
/// </summary>
/// <param name="recipe">The recipe with its sweep.</param>
/// <param name="folder">The sweep's folder.</param>
/// <param name="runs">Reads what the runs gave.</param>
/// <param name="command">How to start <c>lab run</c>.</param>
/// <param name="time">The clock.</param>
public sealed class TrialProcess(CheckedRecipe recipe, SweepFolder folder, TrialRuns runs, OwnCommand command, TimeProvider time) : ITrialRunner
{
    /// <summary>The folder of runs and artifacts.</summary>
    public required string RunsFolder { get; init; }

    /// <summary>Trials that share the machine.</summary>
    public int Beside { get; init; } = 1;

    /// <summary>The stage up to which the recipe is run, or null for all of it.</summary>
    public string? Until { get; init; }

    /// <inheritdoc/>
    public async Task<TrialEnd> RunAsync(Trial trial, bool wasBegun, CancellationToken interruption)
    {
        if (wasBegun && runs.Finished(trial) is { } finished)
        {
            return finished;
        }

        var begin = time.GetTimestamp();
        using var process = ChildProcess.Start(command, Arguments(trial), [new(FaultPoint.Variable, null)]);
        await using var registration = interruption.Register(process.CloseInput);
        string? run = null;
        var exitCode = await process.ReadToEndAsync(line => run ??= RunOf(line)).ConfigureAwait(false);
        var seconds = time.GetElapsedTime(begin).TotalSeconds;
        return exitCode switch
        {
            ExitCodes.Interrupted => new(TrialStatus.Interrupted, run, null, null, seconds),
            ExitCodes.Done or ExitCodes.Failed when run is not null => runs.End(run, seconds),
            ExitCodes.Failed or ExitCodes.Wrong => new(TrialStatus.Failed, run, null, process.LastErrors, seconds),
            var code => new(TrialStatus.Failed, run, null, $"{ChildProcess.Obituary(code)}\n{process.LastErrors}".TrimEnd(), seconds),
        };
    }

    /// <summary>The run's id, when a line of JSON names it.</summary>
    private static string? RunOf(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject message && (string?)message["event"] == RunEvents.RunStarted ? (string?)message["run"] : null;
        }
        catch (JsonException)
        {
            return null; // what a library printed
        }
    }

    private IEnumerable<string> Arguments(Trial trial) =>
    [
        recipe.Path,
        .. recipe.Arguments.Profile is { } profile ? ["--profile", profile] : (string[])[],
        .. recipe.Arguments.Sets.Concat(trial.Sets(recipe.Sweep!)).SelectMany(set => (string[])["--set", set]),
        .. Until is null ? (string[])[] : ["--until", Until],
        "--runs", RunsFolder,
        "--json",
        TrialMark.Option, new TrialMark(folder.Id, trial.Number, trial.Values, Beside).ToString(),
    ];
}
