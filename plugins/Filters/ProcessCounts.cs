using Experiments.Contracts.Running;

namespace Experiments.Plugins.Filters;

/// <summary>The counts of a run so far. Checkpoints hold them as JSON.</summary>
internal sealed class ProcessCounts
{
    public int Files { get; set; }

    public long Read { get; set; }

    public long Kept { get; set; }

    public long CharactersKept { get; set; }

    public double Seconds { get; set; }

    public Dictionary<string, long> Dropped { get; set; } = [];

    public Dictionary<string, long> Passed { get; set; } = [];

    public Dictionary<string, long> Skipped { get; set; } = [];

    public Dictionary<string, double> StepSeconds { get; set; } = [];

    public double KeptShare => Read == 0 ? 0 : (double)Kept / Read;

    public void Add(Journey journey)
    {
        Read++;
        foreach (var step in journey.Passed)
        {
            Passed[step.Name] = Passed.GetValueOrDefault(step.Name) + 1;
        }

        if (journey.DroppedFor is { } reason)
        {
            Dropped[reason] = Dropped.GetValueOrDefault(reason) + 1;
        }
        else
        {
            Kept++;
            CharactersKept += journey.Document.Text.Length;
        }
    }

    public void Log(IMetrics metrics, IReadOnlyList<FilterStep> steps)
    {
        metrics.Log(MetricNames.DocumentsRead, Read);
        metrics.Log(MetricNames.DocumentsKept, Kept);
        metrics.Log("kept_share", KeptShare);
        metrics.Log("characters_kept", CharactersKept);
        foreach (var step in steps)
        {
            metrics.Log($"passed/{step.Name}", Passed.GetValueOrDefault(step.Name));
            metrics.Log($"seconds/{step.Name}", step.Seconds);
        }

        foreach (var (reason, count) in Dropped.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            metrics.Log($"{MetricNames.Dropped}/{reason}", count);
        }

        foreach (var (reason, count) in Skipped.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            metrics.Log($"skipped/{reason}", count);
        }

        metrics.Log("documents_per_second", Seconds == 0 ? 0 : Read / Seconds);
    }
}
