using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>
/// Chooses the points of a sweep. Its choice depends only on the sweep, the point's number and the results of earlier
/// points.
/// </summary>
public interface ISweepMethod
{
    /// <summary>Whether the choice of a point depends on earlier ones.</summary>
    /// <param name="number">The point's number, from 1.</param>
    bool Learns(int number);

    /// <summary>Chooses a point.</summary>
    /// <param name="number">The point's number, from 1.</param>
    /// <param name="earlier">The results of earlier points, in order. They are only used when <see cref="Learns"/> is
    /// true.</param>
    SweepPoint Choose(int number, IReadOnlyList<PointResult> earlier);

    /// <summary>The method of a sweep.</summary>
    static ISweepMethod Of(SweepPlan plan) => plan.Method switch
    {
        SweepMethod.Grid => new GridMethod(plan),
        SweepMethod.Random => new RandomMethod(plan),
        _ => new TpeMethod(plan),
    };
}

/// <summary>The result of a point.</summary>
/// <param name="Values">The point.</param>
/// <param name="Objective">The mean of the objective over the seeds that have one; null when none has.</param>
public sealed record PointResult(SweepPoint Values, double? Objective);
