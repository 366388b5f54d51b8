using System.Globalization;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Diagnosis;

/// <summary>
/// Checks the processor: its fast instructions, the cores that this process may use, and the load on them.
/// </summary>
/// <param name="procFolder">The kernel's information: <c>/proc</c>.</param>
/// <param name="cores">Cores that this process may use.</param>
/// <param name="environment">Returns an environment variable's value, or null.</param>
public sealed class ProcessorCheck(string procFolder, int cores, Func<string, string?> environment) : ICheck
{
    private const double BusyShare = 1.5;
    private static readonly (string Flag, string Name)[] Features =
        [("avx2", "AVX2"), ("avx512f", "AVX-512"), ("avx512_bf16", "AVX-512 bf16"), ("amx_bf16", "AMX bf16"), ("asimd", "NEON"), ("bf16", "bf16")];

    private static readonly string[] ThreadVariables = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "DOTNET_PROCESSOR_COUNT"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var lines = await ReadAsync("cpuinfo", cancellationToken).ConfigureAwait(false);
        var model = Value(lines, "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var flags = (Value(lines, "flags") ?? Value(lines, "Features") ?? "").Split(' ').ToHashSet();
        var features = string.Join(", ", Features.Where(feature => flags.Contains(feature.Flag)).Select(feature => feature.Name));
        var processor = flags.Count > 1 && !flags.Contains("avx2") && !flags.Contains("asimd")
            ? Finding.Warning("processor", $"{model} has no AVX2", "training is many times slower here: use a machine made after 2013, or make the virtual machine expose the host's features")
            : Finding.Ok("processor", $"{model}{(features.Length > 0 ? ": " + features : "")}{(features.Contains("bf16", StringComparison.Ordinal) ? "" : "; no bf16, so matrix products are float32")}");
        return [processor, Threads(), .. await LoadAsync(cancellationToken).ConfigureAwait(false)];
    }

    private Finding Threads()
    {
        var set = ThreadVariables.Select(name => (name, value: environment(name))).Where(pair => !string.IsNullOrEmpty(pair.value)).ToList();
        var text = $"{cores} for this process{string.Concat(set.Select(pair => $", {pair.name}={pair.value}"))}";
        return environment("DOTNET_PROCESSOR_COUNT") is { Length: > 0 }
            ? Finding.Warning("cores", text, "DOTNET_PROCESSOR_COUNT hides the real number of cores: set a stage's threads in the recipe instead: run: { threads: N }")
            : Finding.Ok("cores", text + (set.Count > 0 ? " (a stage's own number of threads overrides these)" : ""));
    }

    private async Task<IEnumerable<Finding>> LoadAsync(CancellationToken cancellationToken)
    {
        var words = (await ReadAsync("loadavg", cancellationToken).ConfigureAwait(false)).FirstOrDefault()?.Split(' ') ?? [];
        if (words.Length == 0 || !double.TryParse(words[0], CultureInfo.InvariantCulture, out var load))
        {
            return [];
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{load:0.0} processes share {cores} cores");
        return [load > cores * BusyShare
            ? Finding.Warning("load", text, "other programs use this machine: runs will take longer than estimated")
            : Finding.Ok("load", text)];
    }

    private async Task<string[]> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(procFolder, name);
        return File.Exists(path) ? await File.ReadAllLinesAsync(path, cancellationToken).ConfigureAwait(false) : [];
    }

    private static string? Value(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() : null;
}
