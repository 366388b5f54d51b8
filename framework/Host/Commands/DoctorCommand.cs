using System.CommandLine;
using System.Text.Json.Nodes;
using Experiments.Engine.Diagnosis;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;
using Experiments.Host.Arguments;

namespace Experiments.Host.Commands;

/// <summary><c>lab doctor</c>.</summary>
public static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("doctor", "Checks the machine: SDK, libtorch, processor, memory, GPU, disk, tracking, files of runs, git. Each line is ok, a warning or a problem with its remedy. The exit code is 1 if there is a problem.");
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        command.Add(runs);
        command.Add(json);
        command.Does(async arguments =>
        {
            var worst = FindingState.Ok;
            foreach (var check in Checks(Path.GetFullPath(arguments.GetRequiredValue(runs))))
            {
                foreach (var finding in await check.LookAsync(CancellationToken.None).ConfigureAwait(false))
                {
                    worst = finding.State > worst ? finding.State : worst;
                    Write(finding, arguments.GetValue(json));
                }
            }

            return worst == FindingState.Problem ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static IEnumerable<ICheck> Checks(string runsFolder)
    {
        const string Kernel = "/proc";
        var own = OwnCommand.Of(ProbeCommand.Name);
        var hasCuda = File.Exists(Path.Combine(AppContext.BaseDirectory, "libtorch_cuda.so"));
        var catalog = Wiring.Catalog();
        return
        [
            new DotnetCheck(Programs.AskAsync),
            new TorchCheck(AppContext.BaseDirectory, [own.Program, .. own.Arguments], Programs.AskAsync),
            new ProcessorCheck(Kernel, Environment.ProcessorCount, Environment.GetEnvironmentVariable),
            new MemoryCheck(Kernel, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            new GpuCheck("/dev", hasCuda, Programs.AskAsync),
            new DiskCheck(runsFolder, Kernel, TimeProvider.System),
            new TrackingCheck(() => new RecordedTracking(runsFolder, catalog(), TimeProvider.System, _ => { }).Open(new RunCatalog(runsFolder).Runs.FirstOrDefault())),
            new RunsCheck(() => RunDamage.In(runsFolder)),
            new GitCheck(Programs.AskAsync),
        ];
    }

    private static void Write(Finding finding, bool json)
    {
        if (json)
        {
            Console.WriteLine(new JsonObject
            {
                ["subject"] = finding.Subject,
                ["state"] = finding.State.ToString().ToLowerInvariant(),
                ["text"] = finding.Text,
                ["remedy"] = finding.Remedy,
            }.ToJsonString());
            return;
        }

        var state = finding.State == FindingState.Ok ? "ok" : finding.State.ToString().ToLowerInvariant();
        Console.WriteLine($"{state,-8}  {finding.Subject,-11}  {finding.Text}");
        if (finding.Remedy is { } remedy)
        {
            Console.WriteLine($"{"",-8}  {"",-11}  -> {remedy}");
        }
    }
}
