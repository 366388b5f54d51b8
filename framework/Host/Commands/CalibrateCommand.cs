using System.CommandLine;
using System.Text.Json;
using Experiments.Engine.Estimates;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Experiments.Host.Estimates;

namespace Experiments.Host.Commands;

/// <summary>
/// <c>lab calibrate</c>. <c>lab estimate</c> starts it to measure this machine, because it never loads libtorch itself.
/// </summary>
public static class CalibrateCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "calibrate";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(Name, "Measures a model's work on this machine; started by `lab estimate`.") { Hidden = true };
        var request = new Argument<string>("request");
        command.Add(request);
        command.Does(arguments =>
        {
            var asked = Read(arguments.GetRequiredValue(request));
            var catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory).WithAssemblies(asked.PluginAssemblies);
            Console.WriteLine(new MachineCalibration(asked, catalog, TimeProvider.System).Measure().Write());
            return ExitCodes.Done;
        });
        return command;
    }

    private static CalibrationRequest Read(string request)
    {
        try
        {
            return CalibrationRequest.Read(request);
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"The request does not come from `lab estimate`: {problem.Message}", problem);
        }
    }
}
