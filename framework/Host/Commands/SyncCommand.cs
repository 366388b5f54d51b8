using System.CommandLine;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;

namespace Experiments.Host.Commands;

/// <summary><c>lab sync</c>.</summary>
public static class SyncCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("sync", "Sends to the tracker what earlier runs could not send, and marks killed runs as ended.");
        var plugins = new PluginOptions(command, runs: true);
        var runs = SharedOptions.Runs();
        command.Add(runs);
        command.Does(async arguments =>
        {
            var folder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var earlier = new EarlierRuns(folder, plugins.Catalog(arguments), TimeProvider.System, Console.Error.WriteLine);
            var exitCode = ExitCodes.Done;
            await foreach (var run in earlier.SendAsync(onlyUnsent: false).ConfigureAwait(false))
            {
                var isFailed = run.State == SentRunState.Failed;
                exitCode = isFailed ? ExitCodes.Failed : exitCode;
                await (isFailed ? Console.Error : Console.Out).WriteLineAsync($"{run.Id}: {run.Message}").ConfigureAwait(false);
            }

            return exitCode;
        });
        return command;
    }
}
