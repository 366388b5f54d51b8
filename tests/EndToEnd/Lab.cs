using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Experiments.EndToEnd.Tests;

/// <summary>The real executable, over a folder of runs of its own.</summary>
internal sealed class Lab(string runs)
{
    private static readonly string Root = FindRoot();

    /// <summary>A file of the checkout.</summary>
    public static string Checkout(string path) => Path.Combine(Root, path);

    public static string Recipe(string name) => Path.Combine(Root, "recipes", name);

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

    /// <summary>Runs a recipe with <c>--json</c> and, at the first event for which <paramref name="isMoment"/> holds, sends the host a signal.</summary>
    /// <returns>The exit code, or null when the moment never came.</returns>
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
                using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await errors;
        return sent ? process.ExitCode : null;
    }

    /// <summary>The digest of every part of every finished artifact, by the artifact's folder and the part.</summary>
    public SortedDictionary<string, string> Digests()
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var manifest in Directory.GetFiles(Path.Combine(runs, "artifacts"), "artifact.json", SearchOption.AllDirectories).Where(path => !path.Contains("/artifacts/tmp/", StringComparison.Ordinal)))
        {
            foreach (var part in JsonNode.Parse(File.ReadAllText(manifest))!["parts"]!.AsArray())
            {
                digests[$"{Path.GetFileName(Path.GetDirectoryName(manifest))} {part!["name"]}"] = (string)part["digest"]!;
            }
        }

        return digests;
    }

    private Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Root, "framework/Host/bin/Release/lab.dll"), .. arguments, "--runs", runs])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        start.Environment.Remove("MLFLOW_TRACKING_URI");
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
