using System.CommandLine;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;

namespace Experiments.Host.Commands;

/// <summary><c>lab worker</c>, which the host starts for each attempt at a stage.</summary>
public static class WorkerCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("worker", "Runs one attempt at a stage; started by the host.") { Hidden = true };
        var folder = new Argument<string>("folder");
        var onlyPieces = new Option<bool>(WorkerArguments.OnlyPieces);
        var untilInputEnds = new Option<bool>(Lifeline.Option);
        command.Add(folder);
        command.Add(onlyPieces);
        command.Add(untilInputEnds);
        command.SetAction(async (arguments, _) => Environment.Exit(await Worker.RunAsync( // threads that the stage left running end too
            arguments.GetRequiredValue(folder),
            arguments.GetValue(onlyPieces),
            PluginCatalog.FromFolder(AppContext.BaseDirectory),
            arguments.GetValue(untilInputEnds),
            TimeProvider.System).ConfigureAwait(false)));
        return command;
    }
}
