using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>
/// The density of an interval's numbers after some were observed. It is a mixture of normal distributions, truncated at
/// the interval's ends: one around each observation, as wide as the gap to its farther neighbour, and a wide one in the
/// middle as the prior. It works on the scale of the interval.
/// </summary>
internal sealed class ParzenEstimator
{
    private const double NarrowestShare = 0.01; // of the interval
    private readonly Interval _interval;
    private readonly double[] _weights;
    private readonly double[] _centres;
    private readonly double[] _widths;

    private ParzenEstimator(Interval interval, double[] weights, double[] centres, double[] widths) =>
        (_interval, _weights, _centres, _widths) = (interval, weights, centres, widths);

    /// <summary>The estimator of observed numbers, oldest first.</summary>
    public static ParzenEstimator Of(Interval interval, IEnumerable<JsonNode?> observed)
    {
        var (start, end) = (interval.Start, interval.End);
        double[] centres = [.. observed.OfType<JsonValue>().Select(value => interval.ToScale(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture))), (start + end) / 2];
        var sorted = Enumerable.Range(0, centres.Length).OrderBy(i => centres[i]).ToArray();
        var widths = new double[centres.Length];
        var narrowest = (end - start) * Math.Max(NarrowestShare, 1.0 / (1 + centres.Length));
        for (var rank = 0; rank < sorted.Length; rank++)
        {
            var centre = centres[sorted[rank]];
            var below = rank == 0 ? (double?)null : centre - centres[sorted[rank - 1]];
            var above = rank == sorted.Length - 1 ? (double?)null : centres[sorted[rank + 1]] - centre;
            widths[sorted[rank]] = Math.Clamp(Math.Max(below ?? above ?? 0, above ?? below ?? 0), narrowest, end - start);
        }

        widths[^1] = end - start;
        return new(interval, EstimatorWeights.Of(centres.Length - 1), centres, widths);
    }

    /// <summary>Draws a position on the scale.</summary>
    public double Draw(ref RandomStream random)
    {
        var kernel = EstimatorDraw.Index(_weights, random.NextDouble());
        double place;
        do
        {
            place = _centres[kernel] + (_widths[kernel] * random.NextGaussian());
        }
        while (place < _interval.Start || place > _interval.End);

        return _interval.IsWhole ? _interval.ToScale((double)_interval.FromScale(place)!.GetValue<long>()) : place;
    }

    /// <summary>
    /// The logarithm of the density at a position; for whole numbers, of the probability of the number.
    /// </summary>
    public double LogDensity(double place)
    {
        var density = 0.0;
        var value = _interval.IsLog ? Math.Exp(place) : place;
        var (from, to) = _interval.IsWhole ? (_interval.ToScale(value - 0.5), _interval.ToScale(value + 0.5)) : (place, place);
        for (var i = 0; i < _centres.Length; i++)
        {
            var mass = Mass(i, _interval.Start, _interval.End);
            var kernel = _interval.IsWhole
                ? Mass(i, from, to)
                : Math.Exp(-0.5 * Math.Pow((place - _centres[i]) / _widths[i], 2)) / (_widths[i] * Math.Sqrt(2 * Math.PI));
            density += _weights[i] / mass * kernel;
        }

        return Math.Log(density + double.Epsilon);
    }

    private double Mass(int kernel, double from, double to) =>
        Cumulative((to - _centres[kernel]) / _widths[kernel]) - Cumulative((from - _centres[kernel]) / _widths[kernel]);

    /// <summary>
    /// The cumulative normal distribution, by Abramowitz and Stegun 7.1.26. The error is below 1.5e-7.
    /// </summary>
    private static double Cumulative(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (0.3275911 * x));
        var error = 1 - (((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592) * t * Math.Exp(-x * x));
        return z < 0 ? (1 - error) / 2 : (1 + error) / 2;
    }
}
