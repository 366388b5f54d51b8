namespace Experiments.Plugins.Alignment;

/// <summary>Computes the advantages within a group of answers to one prompt.</summary>
internal static class GroupAdvantage
{
    /// <summary>
    /// The advantages, or null if all rewards are equal: then there is nothing to learn from the group.
    /// </summary>
    public static double[]? Of(IReadOnlyList<double> rewards, AdvantageKind kind)
    {
        if (rewards.All(reward => reward == rewards[0]))
        {
            return null;
        }

        var mean = rewards.Average();
        var scale = kind == AdvantageKind.Grpo ? StandardDeviation(rewards) : 1;
        return [.. rewards.Select(reward => (reward - mean) / scale)];
    }

    /// <summary>The unbiased standard deviation; 0 for a single value.</summary>
    public static double StandardDeviation(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }
}
