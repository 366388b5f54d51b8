namespace Experiments.Engine.Tracking;

/// <summary>Knows which steps of which metric are in a journal.</summary>
internal sealed class RecordedSteps
{
    private readonly Dictionary<(string Run, string Metric), (HashSet<long> Steps, double Result)> _metrics = [];

    /// <summary>Takes one figure; false when it is already there.</summary>
    /// <param name="run">Local id.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="step">The step, or null for a result, which is new when its value is.</param>
    /// <param name="value">The value.</param>
    public bool Add(string run, string metric, long? step, double value)
    {
        var known = _metrics.TryGetValue((run, metric), out var seen);
        var isNew = !known || (step is { } n ? !seen.Steps.Contains(n) : !seen.Result.Equals(value) || !seen.Steps.Contains(0));
        var steps = seen.Steps ?? [];
        steps.Add(step ?? 0);
        _metrics[(run, metric)] = (steps, value);
        return isNew;
    }

    /// <summary>The step behind the last one of a run's metrics whose names begin alike; 0 when there are none.</summary>
    public long NextStep(string run, string prefix) => _metrics.Where(metric => metric.Key.Run == run && metric.Key.Metric.StartsWith(prefix, StringComparison.Ordinal))
        .Select(metric => metric.Value.Steps.Max() + 1).DefaultIfEmpty(0).Max();

    /// <summary>Takes what a journal holds.</summary>
    public void AddAll(MetricsLogged line)
    {
        foreach (var point in line.Points)
        {
            Add(line.Run, point.Name, point.Step, point.Value);
        }
    }
}
