using System.Text.Json;
using Experiments.Contracts.Running;

namespace Experiments.Contracts.Artifacts;

/// <summary>The stage that made an artifact.</summary>
/// <param name="Plugin">The stage plugin.</param>
/// <param name="Key">The key: SHA-256 of everything that determines the output.</param>
/// <param name="StageFolder">The folder of the whole stage, with manifest and metrics.</param>
public sealed record ArtifactOrigin(string Plugin, string Key, string StageFolder)
{
    /// <summary>The metrics that the stage recorded, in order.</summary>
    public IReadOnlyList<MetricPoint> ReadMetrics() =>
        MetricLines.Read(Path.Combine(StageFolder, ArtifactLocation.MetricsFile));
}

/// <summary>
/// The format of <c>metrics.jsonl</c>: <c>{"name":"loss","value":3.2,"step":10,"time":"2026-01-01T00:00:00+00:00"}</c>
/// per line.
/// </summary>
public static class MetricLines
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>One line, without the line break.</summary>
    public static string Write(MetricPoint point) => JsonSerializer.Serialize(point, Options);

    /// <summary>Parses one line.</summary>
    /// <exception cref="JsonException">The line is incomplete, not JSON, or no metric.</exception>
    public static MetricPoint Parse(string line) =>
        JsonSerializer.Deserialize<MetricPoint>(line, Options) is { Name: not null } point ? point : throw new JsonException("A line of metrics has no name of a metric.");

    /// <summary>All points of a file; empty if the file does not exist.</summary>
    public static IReadOnlyList<MetricPoint> Read(string path) =>
        File.Exists(path) ? [.. File.ReadLines(path).Select(Parse)] : [];

    /// <summary>The last value of each metric.</summary>
    public static IReadOnlyDictionary<string, double> Results(IEnumerable<MetricPoint> points)
    {
        var results = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var point in points)
        {
            results[point.Name] = point.Value;
        }

        return results;
    }
}
