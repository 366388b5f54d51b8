using Experiments.Contracts.Running;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>The results of a sweep's points so far.</summary>
/// <param name="plan">The sweep.</param>
public sealed class SweepStandings(SweepPlan plan)
{
    private readonly SortedDictionary<int, PointStanding> _points = [];

    /// <summary>The sweep.</summary>
    public SweepPlan Plan => plan;

    /// <summary>Points that have a finished trial, by number.</summary>
    public IReadOnlyCollection<PointStanding> Points => _points.Values;

    /// <summary>
    /// The points in order of their objective, the best first. Points without an objective come last.
    /// </summary>
    public IReadOnlyList<PointStanding> Ranked =>
        [.. Points.OrderBy(point => point.Mean is null).ThenBy(point => point.Mean is { } mean ? plan.Objective.Cost(mean) : 0).ThenBy(point => point.Number)];

    /// <summary>The best point so far, or null.</summary>
    public PointStanding? Best => Ranked.FirstOrDefault(point => point.Mean is not null);

    /// <summary>Number of finished trials.</summary>
    public int Ended => Points.Sum(point => point.Trials.Count);

    /// <summary>Number of failed trials.</summary>
    public int Failed => Points.Sum(point => point.Trials.Count(trial => trial.End.Status == EndStatus.Failed));

    /// <summary>A point, or null when none of its trials is finished.</summary>
    public PointStanding? Point(int number) => _points.GetValueOrDefault(number);

    /// <summary>Whether all trials of a point are finished.</summary>
    public bool IsComplete(int number) => Point(number)?.Trials.Count == plan.Seeds.Count;

    /// <summary>The results of the first points, in order.</summary>
    public IReadOnlyList<PointResult> Results(int points) =>
        [.. Points.TakeWhile(point => point.Number <= points).Select(point => new PointResult(point.Values, point.Mean))];

    /// <summary>Adds a finished trial.</summary>
    public void Add(Trial trial, TrialEnd end)
    {
        var before = _points.GetValueOrDefault(trial.Point) ?? new(trial.Point, trial.Values, []);
        _points[trial.Point] = before with { Trials = [.. before.Trials.Append((trial, end)).OrderBy(each => each.Item1.Number)] };
    }
}

/// <summary>The results of a point so far.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Values">Its values.</param>
/// <param name="Trials">Its finished trials.</param>
public sealed record PointStanding(int Number, SweepPoint Values, IReadOnlyList<(Trial Trial, TrialEnd End)> Trials)
{
    /// <summary>The mean of the objective over the seeds that have one; null when none has.</summary>
    public double? Mean => Objectives is { Count: > 0 } objectives ? objectives.Average() : null;

    /// <summary>The standard error of the mean; null with fewer than two seeds.</summary>
    public double? StandardError => Objectives is { Count: > 1 } objectives && objectives.Average() is var mean
        ? Math.Sqrt(objectives.Sum(value => (value - mean) * (value - mean)) / (objectives.Count - 1) / objectives.Count)
        : null;

    /// <summary>The objectives of its trials.</summary>
    public IReadOnlyList<double> Objectives => [.. Trials.Select(trial => trial.End.Objective).OfType<double>()];
}
