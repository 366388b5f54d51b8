using System.Text.Json;
using Experiments.Contracts.Running;

namespace Experiments.Contracts.Artifacts;

/// <summary>What made an artifact.</summary>
/// <param name="Plugin">The stage plugin.</param>
/// <param name="Key">The key: SHA-256 of everything that determined it.</param>
/// <param name="StageFolder">The committed folder of the whole stage, which holds manifest and metrics.</param>
public sealed record ArtifactOrigin(string Plugin, string Key, string StageFolder)
{
    /// <summary>The metrics that the stage recorded, in order.</summary>
    public IReadOnlyList<MetricPoint> ReadMetrics() => MetricLines.Read(Path.Combine(StageFolder, ArtifactLocation.MetricsFile));
}

/// <summary>The format of <c>metrics.jsonl</c>: <c>{"name":"loss","value":3.2,"step":10,"time":"2026-01-01T00:00:00+00:00"}</c> a line.</summary>
public static class MetricLines
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>One line, without its end.</summary>
    public static string Write(MetricPoint point) => JsonSerializer.Serialize(point, Options);

    /// <summary>One line's point.</summary>
    /// <exception cref="JsonException">The line is torn.</exception>
    public static MetricPoint Parse(string line) => JsonSerializer.Deserialize<MetricPoint>(line, Options) ?? throw new JsonException("null is no metric.");

    /// <summary>All points of a file; none when it does not exist.</summary>
    public static IReadOnlyList<MetricPoint> Read(string path) => File.Exists(path) ? [.. File.ReadLines(path).Select(Parse)] : [];

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
