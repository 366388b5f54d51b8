namespace Experiments.Plugins.Evaluation.NGrams;

/// <summary>What is taken from counts of one, two, and three or more.</summary>
/// <param name="One">From one.</param>
/// <param name="Two">From two.</param>
/// <param name="More">From three and more.</param>
/// <param name="IsEstimated">Whether the counts gave them; where there are too few, they are 0.5, 1 and 1.5, as in KenLM.</param>
internal sealed record Discounts(double One, double Two, double More, bool IsEstimated)
{
    private static readonly Discounts Fallback = new(0.5, 1, 1.5, IsEstimated: false);

    /// <summary>Estimates them from how many n-grams have each small count (Chen and Goodman 1998, equation 26).</summary>
    public static Discounts Of(IEnumerable<int> counts)
    {
        var having = new double[5];
        foreach (var count in counts)
        {
            having[count < having.Length ? count : 0]++;
        }

        if (having.Skip(1).Any(number => number == 0))
        {
            return Fallback;
        }

        var y = having[1] / (having[1] + (2 * having[2]));
        var estimated = new Discounts(1 - (2 * y * having[2] / having[1]), 2 - (3 * y * having[3] / having[2]), 3 - (4 * y * having[4] / having[3]), IsEstimated: true);
        return estimated is { One: > 0 and <= 1, Two: > 0 and <= 2, More: > 0 and <= 3 } ? estimated : Fallback;
    }

    /// <summary>What is taken from a count.</summary>
    public double From(int count) => count switch { 0 => 0, 1 => One, 2 => Two, _ => More };
}
