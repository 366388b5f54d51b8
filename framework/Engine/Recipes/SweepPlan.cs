using System.Text.Json.Nodes;

namespace Experiments.Engine.Recipes;

/// <summary>A sweep after binding and all checks.</summary>
public sealed record SweepPlan
{
    /// <summary>How points are chosen.</summary>
    public required SweepMethod Method { get; init; }

    /// <summary>What is varied, in the order in which it was written.</summary>
    public required IReadOnlyList<SweepParameter> Parameters { get; init; }

    /// <summary>Number of points to try.</summary>
    public required int Points { get; init; }

    /// <summary>The seeds with which each point is run, at least one.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>What the sweep optimizes.</summary>
    public required SweepObjective Objective { get; init; }

    /// <summary>The seed for the points that the method draws: the recipe's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>
    /// All settings as canonical JSON. Two sweeps with equal settings and an equal recipe are one sweep: the second
    /// resumes the first.
    /// </summary>
    public required JsonObject Resolved { get; init; }

    /// <summary>Number of runs: one for each point and seed.</summary>
    public int Trials => Points * Seeds.Count;

    /// <summary>The trial of a point and a seed.</summary>
    /// <param name="point">The point's number, from 1.</param>
    /// <param name="values">Its values.</param>
    /// <param name="seed">The index of the seed in <see cref="Seeds"/>, from 0.</param>
    public Trial Trial(int point, SweepPoint values, int seed) => new(((point - 1) * Seeds.Count) + seed + 1, point, values, Seeds[seed]);
}

/// <summary>One run of a sweep: the recipe at a point, with a seed.</summary>
/// <param name="Number">Its number in the sweep, from 1.</param>
/// <param name="Point">The point's number, from 1.</param>
/// <param name="Values">The point.</param>
/// <param name="Seed">The seed.</param>
public sealed record Trial(int Number, int Point, SweepPoint Values, ulong Seed)
{
    /// <summary>The <c>--set</c> values that turn the recipe into this trial.</summary>
    public IEnumerable<string> Sets(SweepPlan plan) => [.. Values.Sets(plan.Parameters), $"seed={Seed}"];
}
