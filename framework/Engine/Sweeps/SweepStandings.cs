using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>How the points of a sweep stand.</summary>
/// <param name="plan">The sweep.</param>
public sealed class SweepStandings(SweepPlan plan)
{
    private readonly SortedDictionary<int, PointStanding> _points = [];

    /// <summary>The sweep.</summary>
    public SweepPlan Plan => plan;

    /// <summary>Points that have a finished trial, by number.</summary>
    public IReadOnlyCollection<PointStanding> Points => _points.Values;

    /// <summary>Points by objective, the best first; those without one at the end.</summary>
    public IReadOnlyList<PointStanding> Ranked =>
        [.. Points.OrderBy(point => point.Mean is null).ThenBy(point => point.Mean is { } mean ? plan.Objective.Cost(mean) : 0).ThenBy(point => point.Number)];

    /// <summary>The best point so far, or null.</summary>
    public PointStanding? Best => Ranked.FirstOrDefault(point => point.Mean is not null);

    /// <summary>Finished trials.</summary>
    public int Ended => Points.Sum(point => point.Trials.Count);

    /// <summary>Trials that failed.</summary>
    public int Failed => Points.Sum(point => point.Trials.Count(trial => trial.End.Status == TrialStatus.Failed));

    /// <summary>A point, or null when none of its trials is finished.</summary>
    public PointStanding? Point(int number) => _points.GetValueOrDefault(number);

    /// <summary>Whether all trials of a point are finished.</summary>
    public bool IsComplete(int number) => Point(number)?.Trials.Count == plan.Seeds.Count;

    /// <summary>What the first points gave, in order.</summary>
    public IReadOnlyList<PointResult> Results(int points) => [.. Points.TakeWhile(point => point.Number <= points).Select(point => new PointResult(point.Values, point.Mean))];

    /// <summary>Takes a finished trial.</summary>
    public void Add(Trial trial, TrialEnd end)
    {
        var before = _points.GetValueOrDefault(trial.Point) ?? new(trial.Point, trial.Values, []);
        _points[trial.Point] = before with { Trials = [.. before.Trials.Append((trial, end)).OrderBy(each => each.Item1.Number)] };
    }
}

/// <summary>How a point stands.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Values">Its values.</param>
/// <param name="Trials">Its finished trials.</param>
public sealed record PointStanding(int Number, SweepPoint Values, IReadOnlyList<(Trial Trial, TrialEnd End)> Trials)
{
    /// <summary>The mean of the objective over the seeds that gave one; null when none did.</summary>
    public double? Mean => Objectives is { Count: > 0 } objectives ? objectives.Average() : null;

    /// <summary>The standard error of the mean; null with fewer than two seeds.</summary>
    public double? StandardError => Objectives is { Count: > 1 } objectives && objectives.Average() is var mean
        ? Math.Sqrt(objectives.Sum(value => (value - mean) * (value - mean)) / (objectives.Count - 1) / objectives.Count)
        : null;

    /// <summary>The objectives of its trials.</summary>
    public IReadOnlyList<double> Objectives => [.. Trials.Select(trial => trial.End.Objective).OfType<double>()];
}
