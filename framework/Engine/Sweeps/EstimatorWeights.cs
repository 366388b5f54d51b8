namespace Experiments.Engine.Sweeps;

/// <summary>
/// The weight of each observation in an estimator. The newest 25 count fully; older ones count less the older they are.
/// The prior, which is the last, counts as much as one of the newest.
/// </summary>
internal static class EstimatorWeights
{
    private const int Newest = 25;

    /// <summary>
    /// The weights of a number of observations, oldest first, followed by that of the prior. Their sum is 1.
    /// </summary>
    public static double[] Of(int observations)
    {
        var ramp = Math.Max(0, observations - Newest);
        double[] weights = [.. Enumerable.Range(0, observations).Select(Weight), 1];
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];

        double Weight(int place)
        {
            var least = 1.0 / observations;
            return place >= ramp ? 1 : ramp == 1 ? least : least + (place * (1 - least) / (ramp - 1));
        }
    }
}
