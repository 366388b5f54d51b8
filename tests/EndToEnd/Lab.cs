using System.Diagnostics;
using System.Text.Json.Nodes;
using Experiments.Contracts.Artifacts;

namespace Experiments.EndToEnd.Tests;

/// <summary>The real executable, over a folder of runs; null for a command that takes none.</summary>
internal sealed class Lab(string? runs, params IReadOnlyList<(string Name, string Value)> environment)
{
    private static readonly string Root = FindRoot();

    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>The folder of runs.</summary>
    public string Runs => runs ?? throw new InvalidOperationException("This executable has no folder of runs.");

    /// <summary>A file of the checkout.</summary>
    public static string Checkout(string path) => Path.Combine(Root, path);

    public static string Recipe(string name) => Path.Combine(Root, "recipes", name);

    /// <summary>The quickstart recipe in a size that runs in seconds.</summary>
    public static string Tiny => Path.Combine(Root, "tests/EndToEnd/Recipes/tiny.yaml");

    /// <summary>Runs a command to its end.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => TellAsync("", arguments);

    /// <summary>Runs a command to its end, with a text as its standard input.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> TellAsync(string input, params string[] arguments)
    {
        using var process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }

    /// <summary>
    /// Runs a recipe with <c>--json</c>, and sends the host a signal at the first event for which
    /// <paramref name="isMoment"/> is true.
    /// </summary>
    /// <returns>The exit code, or null if there was no such event.</returns>
    public async Task<int?> SignalAsync(int signal, Func<JsonObject, bool> isMoment, params string[] arguments)
    {
        using var process = Start([.. arguments, "--json"]);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var sent = false;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (!sent && isMoment(JsonNode.Parse(line)!.AsObject()))
            {
                sent = true;
                await SendAsync(signal, process.Id);
            }
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await errors;
        return sent ? process.ExitCode : null;
    }

    /// <summary>Sends a signal to processes.</summary>
    public static async Task SendAsync(int signal, params IEnumerable<int> processes)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. processes.Select(process => $"{process}")]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Copies a folder with all that is in it.</summary>
    public static async Task CopyFolderAsync(string source, string target)
    {
        using var copy = Process.Start("cp", ["-a", source, target]);
        await copy.WaitForExitAsync(TestContext.Current.CancellationToken);
        copy.ExitCode.ShouldBe(0);
    }

    /// <summary>The digest of every part of every finished artifact, by the artifact's folder and the part.</summary>
    public SortedDictionary<string, string> Digests()
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var manifest in Directory.GetFiles(Path.Combine(Runs, "artifacts"), "artifact.json", SearchOption.AllDirectories).Where(path => !path.Contains("/artifacts/tmp/", StringComparison.Ordinal)))
        {
            foreach (var part in JsonNode.Parse(File.ReadAllText(manifest))!["parts"]!.AsArray())
            {
                digests[$"{Path.GetFileName(Path.GetDirectoryName(manifest))} {part!["name"]}"] = (string)part["digest"]!;
            }
        }

        return digests;
    }

    /// <summary>All values of all metrics of all stages, except for those that measure time.</summary>
    public IReadOnlyList<string> Metrics()
    {
        string[] timed = ["per_second", "seconds"];
        List<string> lines = [.. from folder in Directory.GetDirectories(Path.Combine(Runs, "artifacts")).Order(StringComparer.Ordinal)
                                 where Path.GetFileName(folder) != "tmp"
                                 from point in MetricLines.Read(Path.Combine(folder, ArtifactLocation.MetricsFile))
                                 where !timed.Any(word => point.Name.Contains(word, StringComparison.Ordinal))
                                 select $"{Path.GetFileName(folder)} {point.Name} {point.Step} {point.Value:R}"];
        lines.Count.ShouldBeGreaterThan(10);
        return lines;
    }

    /// <summary>
    /// The digests that a second run must give again. Reports are left out because they contain measured times.
    /// </summary>
    public static SortedDictionary<string, string> WithoutReports(SortedDictionary<string, string> digests)
    {
        digests.Count.ShouldBeGreaterThan(0);
        return new(digests.Where(pair => !pair.Key.StartsWith("report-", StringComparison.Ordinal)).ToDictionary(), StringComparer.Ordinal);
    }

    /// <summary>The command line as it would be given to a shell.</summary>
    public IReadOnlyList<string> CommandLine(params string[] arguments) =>
        ["dotnet", Path.Combine(Root, "framework/Host/bin/Release/lab.dll"), .. arguments, .. runs is null ? (string[])[] : ["--runs", runs]];

    /// <summary>Starts a command. The caller must read its output and errors.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", CommandLine(arguments).Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        start.Environment.Remove("MLFLOW_TRACKING_URI");
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(AppContext.BaseDirectory, "settings"); // never those of the person who runs the tests
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Experiments.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Experiments.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
