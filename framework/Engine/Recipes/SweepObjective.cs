namespace Experiments.Engine.Recipes;

/// <summary>What a sweep optimizes: the last value of a metric of a stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Metric">The metric.</param>
/// <param name="IsMaximized">Whether larger values are better.</param>
public sealed record SweepObjective(string Stage, string Metric, bool IsMaximized)
{
    /// <summary>A metric's value as a cost: smaller is better.</summary>
    public double Cost(double value) => IsMaximized ? -value : value;

    /// <summary><c>minimize base.validation_loss</c>.</summary>
    public override string ToString() => $"{(IsMaximized ? "maximize" : "minimize")} {Stage}.{Metric}";
}
