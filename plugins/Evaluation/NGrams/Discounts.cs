namespace Experiments.Plugins.Evaluation.NGrams;

/// <summary>The discounts of modified Kneser-Ney smoothing, which are subtracted from counts.</summary>
/// <param name="One">Discount of a count of one.</param>
/// <param name="Two">Discount of a count of two.</param>
/// <param name="More">Discount of a count of three or more.</param>
/// <param name="IsEstimated">
/// Whether the discounts were estimated from the counts. If there are too few counts, they are 0.5, 1 and 1.5, as in
/// KenLM.
/// </param>
internal sealed record Discounts(double One, double Two, double More, bool IsEstimated)
{
    private static readonly Discounts Fallback = new(0.5, 1, 1.5, IsEstimated: false);

    /// <summary>
    /// Estimates the discounts from the numbers of n-grams that have each small count (Chen and Goodman 1998, equation
    /// 26).
    /// </summary>
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

    /// <summary>The discount of a count.</summary>
    public double From(int count) => count switch { 0 => 0, 1 => One, 2 => Two, _ => More };
}
