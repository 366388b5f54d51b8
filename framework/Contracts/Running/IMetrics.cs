namespace Experiments.Contracts.Running;

/// <summary>Takes figures over steps.</summary>
public interface IMetrics
{
    /// <summary>Records one value. The last value of a name is the stage's result, which <c>expect:</c> gates and <c>lab ls</c> read.</summary>
    /// <param name="name">lower_snake, unit last: <c>tokens_per_second</c>, <c>dropped/too_short</c>.</param>
    /// <param name="value">May be NaN or infinite.</param>
    /// <param name="step">The x-axis; null for a result that has no course.</param>
    void Log(string name, double value, long? step = null);
}

/// <summary>One recorded value.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Value">The value.</param>
/// <param name="Step">Its step, or null for a result without a course.</param>
/// <param name="Time">When it was recorded.</param>
public sealed record MetricPoint(string Name, double Value, long? Step, DateTimeOffset Time);
