using System.Text.Json.Nodes;

namespace Experiments.Engine.Recipes;

/// <summary>A sweep in which everything is bound and checked.</summary>
public sealed record SweepPlan
{
    /// <summary>How points are chosen.</summary>
    public required SweepMethod Method { get; init; }

    /// <summary>What is varied, in order of writing.</summary>
    public required IReadOnlyList<SweepParameter> Parameters { get; init; }

    /// <summary>Points that are tried.</summary>
    public required int Points { get; init; }

    /// <summary>The seeds with which each point is run, at least one.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>What makes one point better than another.</summary>
    public required SweepObjective Objective { get; init; }

    /// <summary>The seed of what the method draws: the recipe's.</summary>
    public required ulong Seed { get; init; }

    /// <summary>All settings as canonical JSON: a sweep with the same, over the same recipe, goes on with what another one began.</summary>
    public required JsonObject Resolved { get; init; }

    /// <summary>Runs that it takes: one for each point and seed.</summary>
    public int Trials => Points * Seeds.Count;

    /// <summary>The trial of a point and a seed.</summary>
    /// <param name="point">The point's number, from 1.</param>
    /// <param name="values">Its values.</param>
    /// <param name="seed">The seed's place among the seeds, from 0.</param>
    public Trial Trial(int point, SweepPoint values, int seed) => new(((point - 1) * Seeds.Count) + seed + 1, point, values, Seeds[seed]);
}

/// <summary>One run of a sweep: the recipe at a point, with a seed.</summary>
/// <param name="Number">Its number in the sweep, from 1.</param>
/// <param name="Point">The point's number, from 1.</param>
/// <param name="Values">The point.</param>
/// <param name="Seed">The seed.</param>
public sealed record Trial(int Number, int Point, SweepPoint Values, ulong Seed)
{
    /// <summary>What the command line lays over the recipe.</summary>
    public IEnumerable<string> Sets(SweepPlan plan) => [.. Values.Sets(plan.Parameters), $"seed={Seed}"];
}
