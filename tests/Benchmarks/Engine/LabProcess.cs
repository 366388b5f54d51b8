using System.Diagnostics;

namespace Experiments.Benchmarks;

/// <summary>Whole processes of <c>lab</c>, as <c>./lab</c> starts them.</summary>
/// <param name="root">The checkout.</param>
internal sealed class LabProcess(string root)
{
    private readonly string _lab = Path.Combine(root, "framework/Host/bin/Release/lab.dll");

    /// <summary>Runs a command once.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It did not end with 0.</exception>
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

    /// <summary>Runs a command several times, the first of them uncounted.</summary>
    /// <returns>The wall time of each, sorted.</returns>
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
