using System.Globalization;

namespace Experiments.Engine.Yaml;

/// <summary>Durations as recipes write them: <c>500ms, 90s, 5m, 1.5h, 1d</c>.</summary>
public static class Durations
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
    ];

    /// <summary>Reads a duration; null when the text is not a duration.</summary>
    public static TimeSpan? Parse(string text)
    {
        foreach (var (unit, ticks) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                return decimal.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                    && count < TimeSpan.MaxValue.Ticks / ticks
                    ? new TimeSpan((long)(count * ticks))
                    : null;
            }
        }

        return null;
    }

    /// <summary>
    /// The shortest exact text: a whole number of the largest unit that divides it, otherwise seconds.
    /// </summary>
    public static string Write(TimeSpan duration)
    {
        foreach (var (unit, ticks) in Units.AsSpan(1))
        {
            if (duration.Ticks % ticks == 0 && (duration.Ticks != 0 || unit == "s"))
            {
                return (duration.Ticks / ticks).ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return ((decimal)duration.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + "s";
    }
}
