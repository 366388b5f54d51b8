namespace Experiments.Engine.Recipes;

/// <summary>What makes one point better than another: the last value of a metric of a stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Metric">The metric.</param>
/// <param name="IsMaximized">Whether more is better.</param>
public sealed record SweepObjective(string Stage, string Metric, bool IsMaximized)
{
    /// <summary>A value such that less is better.</summary>
    public double Cost(double value) => IsMaximized ? -value : value;

    /// <summary><c>minimize base.validation_loss</c>.</summary>
    public override string ToString() => $"{(IsMaximized ? "maximize" : "minimize")} {Stage}.{Metric}";
}
