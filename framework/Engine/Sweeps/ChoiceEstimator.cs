using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>
/// The probability of each of several values after some were observed: a mixture of one distribution per observation
/// and a uniform prior.
/// </summary>
internal sealed class ChoiceEstimator
{
    private readonly double[] _shares;

    private ChoiceEstimator(double[] shares) => _shares = shares;

    /// <summary>
    /// The estimator of observed values, oldest first; values that are not among the choices are ignored.
    /// </summary>
    public static ChoiceEstimator Of(Choice choice, IEnumerable<JsonNode?> observed)
    {
        int[] seen = [.. observed.Select(choice.IndexOf).Where(index => index >= 0)];
        var weights = EstimatorWeights.Of(seen.Length);
        var (count, smoothing) = (choice.Values.Count, 1.0 / weights.Length);
        var shares = new double[count];
        for (var value = 0; value < count; value++)
        {
            shares[value] = weights[^1] / count;
            for (var i = 0; i < seen.Length; i++)
            {
                shares[value] += weights[i] * ((seen[i] == value ? 1 : 0) + smoothing) / (1 + (count * smoothing));
            }
        }

        return new(shares);
    }

    /// <summary>Draws a value; returns its index among the choices.</summary>
    public int Draw(ref RandomStream random) => EstimatorDraw.Index(_shares, random.NextDouble());

    /// <summary>The logarithm of a value's probability.</summary>
    public double LogDensity(int index) => Math.Log(_shares[index]);
}

/// <summary>Draws from a discrete distribution.</summary>
internal static class EstimatorDraw
{
    /// <summary>The index at which the cumulative sum of the shares exceeds a number in [0, 1).</summary>
    public static int Index(ReadOnlySpan<double> shares, double uniform)
    {
        for (var i = 0; i < shares.Length - 1; i++)
        {
            uniform -= shares[i];
            if (uniform < 0)
            {
                return i;
            }
        }

        return shares.Length - 1;
    }
}
