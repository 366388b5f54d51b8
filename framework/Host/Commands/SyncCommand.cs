using System.CommandLine;
using System.Text.Json.Nodes;
using Experiments.Engine.Execution;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Tracking;

namespace Experiments.Host.Commands;

/// <summary><c>lab sync</c>.</summary>
public static class SyncCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("sync", "Sends to MLflow what earlier runs could not.");
        var runs = GlobalOptions.Runs();
        command.Add(runs);
        command.Does(async arguments =>
        {
            var folder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            foreach (var run in ListCommand.All(folder).Concat(SweepFolder.All(folder).Select(sweep => sweep.AsRun)).Where(run => File.Exists(run.TrackingFile)))
            {
                var recipe = JsonNode.Parse(await File.ReadAllTextAsync(run.RecipeFile).ConfigureAwait(false))!;
                var target = TrackingTarget.Resolve((string?)recipe["tracking"]?["uri"], Environment.GetEnvironmentVariable(TrackingTarget.Variable), folder);
                var experiment = (string?)recipe["tracking"]?["experiment"] ?? Path.GetFileName(Path.GetDirectoryName(run.Path))!;
                using var store = target.Open(experiment, TimeProvider.System, Console.Error.WriteLine);
                var sent = await TrackingSender.SyncAsync(run.TrackingFile, store, Console.Error.WriteLine).ConfigureAwait(false);
                Console.WriteLine($"{run.Id}: {sent} lines sent to {store.Location}");
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
