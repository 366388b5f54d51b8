namespace Experiments.Contracts.Running;

/// <summary>Records metrics.</summary>
public interface IMetrics
{
    /// <summary>
    /// Records one value. The last value of each name is a result of the stage, which <c>expect:</c> checks and
    /// <c>lab ls</c> shows.
    /// </summary>
    /// <param name="name">lower_snake, unit last: <c>tokens_per_second</c>, <c>dropped/too_short</c>.</param>
    /// <param name="value">May be NaN or infinite.</param>
    /// <param name="step">The position on the x-axis; null for a single result.</param>
    /// <exception cref="ArgumentException">The name is empty, longer than 250 characters, or has a control
    /// character.</exception>
    void Log(string name, double value, long? step = null);
}

/// <summary>One recorded value.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Value">The value.</param>
/// <param name="Step">Its step; null for a single result.</param>
/// <param name="Time">When it was recorded.</param>
public sealed record MetricPoint(string Name, double Value, long? Step, DateTimeOffset Time);
