namespace Experiments.Engine.Sweeps;

/// <summary>How much each observation counts in an estimator: the newest 25 fully, the older ones the less the older they are; the prior, which comes last, as much as one of the newest.</summary>
internal static class EstimatorWeights
{
    private const int Newest = 25;

    /// <summary>Weights of so many observations, oldest first, and of the prior behind them; together 1.</summary>
    public static double[] Of(int observations)
    {
        var ramp = Math.Max(0, observations - Newest);
        double[] weights = [.. Enumerable.Range(0, observations).Select(i => i >= ramp ? 1 : ramp == 1 ? 1.0 / observations : 1.0 / observations + (i * (1 - (1.0 / observations)) / (ramp - 1))), 1];
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
