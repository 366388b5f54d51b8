using System.Diagnostics;

namespace Experiments.Benchmarks;

/// <summary>Runs whole processes of <c>lab</c> in the way <c>./lab</c> starts them.</summary>
/// <param name="root">The checkout.</param>
internal sealed class LabProcess(string root)
{
    private readonly string _lab = Path.Combine(root, "framework/Host/bin/Release/lab.dll");

    /// <summary>Runs a command once.</summary>
    /// <returns>The output of the command.</returns>
    /// <exception cref="InvalidOperationException">The exit code is not 0.</exception>
    public string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [_lab, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"lab {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{output}{errors.Result}");
    }

    /// <summary>Runs a command several times. The first run is not counted.</summary>
    /// <returns>The wall-clock times of the runs, sorted.</returns>
    public IReadOnlyList<TimeSpan> Time(int times, params string[] arguments)
    {
        Run(arguments);
        List<TimeSpan> durations = [];
        for (var i = 0; i < times; i++)
        {
            var begin = TimeProvider.System.GetTimestamp();
            Run(arguments);
            durations.Add(TimeProvider.System.GetElapsedTime(begin));
        }

        return [.. durations.Order()];
    }
}
