namespace Experiments.Contracts.Reports;

/// <summary>A linear axis with round ticks: multiples of 1, 2 or 5 times a power of ten.</summary>
/// <param name="Low">The value at its start.</param>
/// <param name="High">The value at its end.</param>
/// <param name="Ticks">The values marked on it.</param>
public sealed record Axis(double Low, double High, IReadOnlyList<double> Ticks)
{
    /// <summary>
    /// An axis over a range, with about <paramref name="ticks"/> ticks. With <paramref name="isRounded"/> both ends are
    /// ticks.
    /// </summary>
    public static Axis Over(double low, double high, int ticks, bool isRounded)
    {
        if (!(high > low))
        {
            var margin = Math.Max(Math.Abs(low) * 0.1, 1e-9);
            (low, high) = (low - margin, high + margin);
        }

        var step = Step((high - low) / ticks);
        if (isRounded)
        {
            (low, high) = (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
        }

        var first = (long)Math.Ceiling((low / step) - 1e-9);
        var last = (long)Math.Floor((high / step) + 1e-9);
        return new(
            low, high,
            [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, 12))]);
    }

    /// <summary>
    /// An axis of values. It starts at zero if the smallest value is close to zero, otherwise near the smallest value.
    /// </summary>
    public static Axis OfValues(double low, double high, int ticks) =>
        Over(low >= 0 && low < 0.35 * high ? 0 : low, high, ticks, isRounded: true);

    /// <summary>The position of a value on an axis drawn between two pixels.</summary>
    public double Place(double value, double from, double to) => from + ((value - Low) / (High - Low) * (to - from));

    private static double Step(double atLeast)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
        return new[] { 1, 2, 5, 10 }.Select(factor => factor * power).First(step => step >= atLeast * (1 - 1e-9));
    }
}
