using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Reports;

namespace Experiments.Plugins.Reporting;

/// <summary>One stage as the page shows it.</summary>
/// <param name="Name">Name of the stage in the report's inputs.</param>
/// <param name="Type">The artifact type.</param>
/// <param name="Plugin">The plugin that made it, or null for files from outside.</param>
/// <param name="Results">The last value of each metric, by name, without measured times.</param>
/// <param name="Times">The last value of each measured time or rate, which differs from run to run.</param>
/// <param name="Courses">
/// Metrics that were recorded at several steps, without measured times: steps and values in the order of the steps.
/// </param>
/// <param name="Options">The resolved options as indented JSON, or null.</param>
/// <param name="Evaluation">The results of an <c>evaluate</c> stage, or null for other stages.</param>
internal sealed record ReportedStage(
    string Name,
    string Type,
    string? Plugin,
    IReadOnlyDictionary<string, double> Results,
    IReadOnlyDictionary<string, double> Times,
    IReadOnlyDictionary<string, IReadOnlyList<(double Step, double Value)>> Courses,
    string? Options,
    EvaluationReport? Evaluation)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the metrics, options and report of the stage that made an artifact.</summary>
    public static ReportedStage Read(string name, Artifact artifact)
    {
        var points = artifact.Origin?.ReadMetrics() ?? [];
        var results = MetricLines.Results(points).ToLookup(pair => IsMeasured(pair.Key));
        var courses = points.Where(point => point.Step is not null && double.IsFinite(point.Value) && !IsMeasured(point.Name))
            .GroupBy(point => point.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, Points: group.GroupBy(point => point.Step!.Value).OrderBy(step => step.Key).Select(step => ((double)step.Key, step.Last().Value)).ToList()))
            .Where(course => course.Points.Count > 1);
        return new(
            name,
            artifact.GetType().Name,
            artifact.Origin?.Plugin,
            Sorted(results[false]),
            Sorted(results[true]),
            courses.ToDictionary(course => course.Key, course => (IReadOnlyList<(double, double)>)course.Points, StringComparer.Ordinal),
            artifact.Origin is { } origin ? ReadOptions(Path.Combine(origin.StageFolder, ArtifactLocation.ManifestFile)) : null,
            artifact is Report report ? EvaluationReport.Find(report.Folder) : null);
    }

    /// <summary>The value of the first of the named metrics that the stage has, or null if it has none.</summary>
    public double? Result(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Results.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return null;
    }

    private static bool IsMeasured(string metric) =>
        metric.Split('/').Any(part => part is "system" or "seconds" || part.EndsWith("_seconds", StringComparison.Ordinal)
            || part.Contains("_per_second", StringComparison.Ordinal) || part.EndsWith("_milliseconds", StringComparison.Ordinal) || part.EndsWith("memory_bytes", StringComparison.Ordinal));

    private static SortedDictionary<string, double> Sorted(IEnumerable<KeyValuePair<string, double>> metrics) => new(metrics.ToDictionary(), StringComparer.Ordinal);

    private static string? ReadOptions(string manifest) =>
        File.Exists(manifest) && JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(manifest)).TryGetProperty("options", out var options)
        && options.ValueKind == JsonValueKind.Object && options.EnumerateObject().Any()
            ? JsonSerializer.Serialize(options, Indented)
            : null;
}
