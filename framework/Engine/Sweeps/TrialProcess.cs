using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;

namespace Experiments.Engine.Sweeps;

/// <summary>
/// Runs each trial as an ordinary run in its own process, <c>lab run ... --json</c>. All trials use the same store, so
/// that what they share is made once. The process saves and stops when its standard input is closed: on an
/// interruption, or because this process died.
/// </summary>
/// <param name="recipe">The recipe with its sweep.</param>
/// <param name="folder">The sweep's folder.</param>
/// <param name="runs">Reads the results of the runs.</param>
/// <param name="command">How to start <c>lab run</c>.</param>
/// <param name="time">The clock.</param>
public sealed class TrialProcess(CheckedRecipe recipe, SweepFolder folder, TrialRuns runs, OwnCommand command, TimeProvider time) : ITrialRunner
{
    /// <summary>The folder of runs and artifacts.</summary>
    public required string RunsFolder { get; init; }

    /// <summary>Number of trials that share the machine. Default: 1.</summary>
    public int Beside { get; init; } = 1;

    /// <summary>The last stage to run, or null for the whole recipe.</summary>
    public string? Until { get; init; }

    /// <inheritdoc/>
    public async Task<TrialEnd> RunAsync(Trial trial, bool wasBegun, CancellationToken interruption)
    {
        if (wasBegun && runs.Finished(trial) is { } finished)
        {
            return finished;
        }

        var begin = time.GetTimestamp();
        using var process = ChildProcess.Start(command, Arguments(trial), [new(FaultPoint.Variable, null)], time);
        await using var registration = interruption.Register(process.CloseInput);
        string? run = null;
        var exitCode = await process.ReadToEndAsync((line, _) => run ??= RunOf(line)).ConfigureAwait(false);
        var seconds = time.GetElapsedTime(begin).TotalSeconds;
        return exitCode switch
        {
            ExitCodes.Interrupted => new(EndStatus.Interrupted, run, null, null, seconds),
            ExitCodes.Done or ExitCodes.Failed when run is not null => runs.End(run, seconds),
            ExitCodes.Failed or ExitCodes.Wrong => new(EndStatus.Failed, run, null, process.LastErrors, seconds),
            var code => new(EndStatus.Failed, run, null, $"{ChildProcess.Obituary(code)}\n{process.LastErrors}".TrimEnd(), seconds),
        };
    }

    /// <summary>The run's id, when a line is the JSON event that names it.</summary>
    private static string? RunOf(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject message && (string?)message["event"] == RunEvents.RunStarted ? (string?)message["run"] : null;
        }
        catch (JsonException)
        {
            return null; // a library printed this line
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
        .. recipe.Plugins.SelectMany(file => (string[])[PluginFile.TrustedOption, file.Source]),
        TrialMark.Option, new TrialMark(folder.Id, trial.Number, trial.Values, Beside).ToString(),
    ];
}
