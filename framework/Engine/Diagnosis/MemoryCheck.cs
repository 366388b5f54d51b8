using System.Globalization;

namespace Experiments.Engine.Diagnosis;

/// <summary>Checks memory: how much this process may use, and how much of it is free.</summary>
/// <param name="procFolder">The kernel's information: <c>/proc</c>.</param>
/// <param name="limit">Memory that this process may use, within the limits of containers. Unit: bytes.</param>
public sealed class MemoryCheck(string procFolder, long limit) : ICheck
{
    private const double Giga = 1e9;
    private const double EnoughFree = 2e9; // the quickstart's largest worker needs half of that

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(procFolder, "meminfo");
        var lines = File.Exists(path) ? await File.ReadAllLinesAsync(path, cancellationToken).ConfigureAwait(false) : [];
        var words = lines.FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var free = words.Length > 1 && double.TryParse(words[1], CultureInfo.InvariantCulture, out var kilobytes) ? Math.Min(kilobytes * 1024, limit) : limit;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / Giga:0.0} GB free of {limit / Giga:0.0} GB");
        return [free < EnoughFree
            ? Finding.Warning("memory", text, "training may be killed because memory runs out: end other programs, or lower batch_size and the model's size")
            : Finding.Ok("memory", text)];
    }
}
