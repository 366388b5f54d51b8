using System.Globalization;
using Experiments.Contracts.Running;

namespace Experiments.Contracts.Reports;

/// <summary>How numbers are written for readers.</summary>
public static class Figure
{
    /// <summary>Four significant digits; integers and large numbers with thousands separators.</summary>
    public static string Text(double value) => Math.Abs(value) switch
    {
        _ when !double.IsFinite(value) => value.ToString(CultureInfo.InvariantCulture),
        var size when size >= 1000 || value == Math.Floor(value) => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.000", CultureInfo.InvariantCulture),
        >= 0.001 => value.ToString("0.0000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##e-0", CultureInfo.InvariantCulture),
    };

    /// <summary>A tick of an axis: no trailing zeros; thousands as k, millions as M, billions as G.</summary>
    public static string Tick(double value) => Math.Abs(value) switch
    {
        >= 1e9 => (value / 1e9).ToString("0.###", CultureInfo.InvariantCulture) + "G",
        >= 1e6 => (value / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0.###", CultureInfo.InvariantCulture) + "k",
        > 0 and < 1e-3 => value.ToString("0.##e-0", CultureInfo.InvariantCulture),
        _ => value.ToString("#,0.######", CultureInfo.InvariantCulture),
    };

    /// <summary>One digit after the decimal point.</summary>
    public static string OneDigit(double value) => value.ToString("#,0.0", CultureInfo.InvariantCulture);

    /// <summary>A fraction as per cent.</summary>
    public static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A fraction as per cent on an axis.</summary>
    public static string PercentTick(double share) =>
        (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    /// <summary>A difference of two fractions as signed percentage points.</summary>
    public static string Points(double share) =>
        (share * 100).ToString("+0.0;\u22120.0;0.0", CultureInfo.InvariantCulture) + " points";

    /// <summary>
    /// A value in the format that its metric's name implies: shares as per cent, other values with four digits.
    /// </summary>
    public static string Of(string metric, double value)
    {
        var name = metric.Split('/')[0];
        return name switch
        {
            _ when !double.IsFinite(value) => Text(value),
            MetricNames.ExactMatchGain => Points(value),
            _ when name.StartsWith(MetricNames.ExactMatch, StringComparison.Ordinal) || name.EndsWith("_share", StringComparison.Ordinal)
                || name.EndsWith("accuracy", StringComparison.Ordinal) => Percent(value),
            _ => Text(value),
        };
    }
}
