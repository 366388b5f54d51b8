using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio, Kégl 2011). It draws candidates from the density
/// of the good points and takes the one with the highest ratio of that density to the density of the other points. The
/// first points are random.
/// </summary>
/// <remarks>
/// Its constants and its estimators, one per parameter, are those of Optuna's default sampler. A point without an
/// objective is ignored.
/// </remarks>
public sealed class TpeMethod(SweepPlan plan) : ISweepMethod
{
    /// <summary>Number of first points that are drawn at random.</summary>
    public const int RandomPoints = 10;

    private const int Candidates = 24;
    private const double GoodShare = 0.1;
    private const int MostGood = 25;

    private readonly RandomMethod _random = new(plan);

    /// <inheritdoc/>
    public bool Learns(int number) => number > RandomPoints;

    /// <inheritdoc/>
    public SweepPoint Choose(int number, IReadOnlyList<PointResult> earlier)
    {
        var known = earlier.Where(result => result.Objective is not null).ToList();
        if (!Learns(number) || known.Count < 2)
        {
            return _random.Choose(number, earlier);
        }

        var goodCount = Math.Min((int)Math.Ceiling(GoodShare * known.Count), MostGood);
        var best = known.OrderBy(result => plan.Objective.Cost(result.Objective!.Value)).Take(goodCount).ToHashSet(ReferenceEqualityComparer.Instance);
        var good = known.Where(best.Contains).Select(result => result.Values).ToList();
        var others = known.Where(result => !best.Contains(result)).Select(result => result.Values).ToList();
        return new([.. plan.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, Choose(parameter, number, good, others)))]);
    }

    private JsonNode? Choose(SweepParameter parameter, int number, IReadOnlyList<SweepPoint> good, IReadOnlyList<SweepPoint> others)
    {
        var random = new RandomStream(plan.Seed, $"sweep tpe {parameter.Name}", number);
        if (parameter.Domain is Choice choice)
        {
            var (likely, unlikely) = (ChoiceEstimator.Of(choice, Observed(good)), ChoiceEstimator.Of(choice, Observed(others)));
            return choice.Values[Best(ref random, likely.Draw, index => likely.LogDensity(index) - unlikely.LogDensity(index))];
        }

        var interval = (Interval)parameter.Domain;
        var (near, far) = (ParzenEstimator.Of(interval, Observed(good)), ParzenEstimator.Of(interval, Observed(others)));
        return interval.FromScale(Best(ref random, near.Draw, place => near.LogDensity(place) - far.LogDensity(place)));

        IEnumerable<JsonNode?> Observed(IReadOnlyList<SweepPoint> points) => points.Select(point => point[parameter.Name]);
    }

    private static T Best<T>(ref RandomStream random, Drawing<T> draw, Func<T, double> gain)
    {
        var (best, highest) = (draw(ref random), double.NegativeInfinity);
        for (var i = 0; i < Candidates; i++)
        {
            var candidate = i == 0 ? best : draw(ref random);
            if (gain(candidate) is var value && value > highest)
            {
                (best, highest) = (candidate, value);
            }
        }

        return best;
    }

    private delegate T Drawing<T>(ref RandomStream random);
}
