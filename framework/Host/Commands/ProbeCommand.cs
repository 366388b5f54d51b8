using System.CommandLine;
using System.Text.Json.Nodes;
using Experiments.Contracts.Sizing;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;

namespace Experiments.Host.Commands;

/// <summary>
/// <c>lab probe</c>. <c>lab doctor</c> starts it to check whether libtorch loads, because it never loads libtorch
/// itself.
/// </summary>
public static class ProbeCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "probe";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(Name, "Loads libtorch and computes with it; started by `lab doctor`.") { Hidden = true };
        command.SetAction(_ =>
        {
            var probe = PluginCatalog.FromFolder(AppContext.BaseDirectory).All<IComputeBackend>()[0].Probe();
            Console.WriteLine(new JsonObject { ["cuda"] = probe.Cuda, ["product_error"] = probe.ProductError }.ToJsonString());
            return ExitCodes.Done;
        });
        return command;
    }
}
