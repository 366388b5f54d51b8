using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>Chooses the points of a sweep. What it chooses depends on the sweep, the point's number and what it is told of earlier points, and on nothing else.</summary>
public interface ISweepMethod
{
    /// <summary>Whether the choice of a point depends on earlier ones.</summary>
    /// <param name="number">The point's number, from 1.</param>
    bool Learns(int number);

    /// <summary>Chooses a point.</summary>
    /// <param name="number">The point's number, from 1.</param>
    /// <param name="earlier">What earlier points gave, in order; only read where it <see cref="Learns"/>.</param>
    SweepPoint Choose(int number, IReadOnlyList<PointResult> earlier);

    /// <summary>The method of a sweep.</summary>
    static ISweepMethod Of(SweepPlan plan) => plan.Method switch
    {
        SweepMethod.Grid => new GridMethod(plan),
        SweepMethod.Random => new RandomMethod(plan),
        _ => new TpeMethod(plan),
    };
}

/// <summary>What a point gave.</summary>
/// <param name="Values">The point.</param>
/// <param name="Objective">The mean of the objective over the seeds that gave one; null when none did.</param>
public sealed record PointResult(SweepPoint Values, double? Objective);
