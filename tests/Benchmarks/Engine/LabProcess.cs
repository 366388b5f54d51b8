using System.Diagnostics;

namespace Experiments.Benchmarks;

/// <summary>Starts <c>lab</c> as <c>./lab</c> does.</summary>
/// <param name="root">The folder of the checkout.</param>
internal sealed class LabProcess(string root)
{
    private readonly string _lab = Path.Combine(root, "framework/Host/bin/Release/lab.dll");

    /// <summary>Environment variables that are set in addition.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs a command once.</summary>
    /// <returns>The output.</returns>
    /// <exception cref="InvalidOperationException">The exit code is not 0.</exception>
    public string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [_lab, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"lab {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{output}{errors.Result}");
    }

    /// <summary>Runs a command several times, after one run that is not counted.</summary>
    /// <returns>The wall times, sorted.</returns>
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
