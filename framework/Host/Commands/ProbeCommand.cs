using System.CommandLine;
using System.Text.Json.Nodes;
using Experiments.Engine.Workers;
using Experiments.Learning;

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
            TorchRuntime.Start(1, 1);
            Console.WriteLine(new JsonObject { ["cuda"] = TorchSharp.torch.cuda_is_available(), ["product_error"] = TorchRuntime.ProductError(TorchSharp.torch.ScalarType.Float32) }.ToJsonString());
            return ExitCodes.Done;
        });
        return command;
    }
}
