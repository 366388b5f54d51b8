namespace Experiments.Engine.Tracking;

/// <summary>The steps of each metric that are already in a journal.</summary>
internal sealed class RecordedSteps
{
    private readonly Dictionary<(string Run, string Metric), (HashSet<long> Steps, double Result)> _metrics = [];

    /// <summary>Adds one value; false when it is already there.</summary>
    /// <param name="run">Local id.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="step">The step; null for a result. A result counts as new when its value changed.</param>
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

    /// <summary>The first unused step among a run's metrics with a prefix; 0 if there are none.</summary>
    public long NextStep(string run, string prefix) => _metrics.Where(metric => metric.Key.Run == run && metric.Key.Metric.StartsWith(prefix, StringComparison.Ordinal))
        .Select(metric => metric.Value.Steps.Max() + 1).DefaultIfEmpty(0).Max();

    /// <summary>Adds a line of a journal.</summary>
    public void AddAll(MetricsLogged line)
    {
        foreach (var point in line.Points)
        {
            Add(line.Run, point.Name, point.Step, point.Value);
        }
    }
}
