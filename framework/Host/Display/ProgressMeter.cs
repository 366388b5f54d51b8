using System.Globalization;
using Experiments.Engine.Workers;

namespace Experiments.Host.Display;

/// <summary>
/// Computes the share done, the rate and the time left from a stage's reports. The rate counts from the first report of
/// this attempt, so that earlier progress of a resumed stage does not raise it.
/// </summary>
public sealed class ProgressMeter(TimeProvider time)
{
    private long _start;
    private double _startDone;
    private Progressed? _last;

    /// <summary>The share that is done, 0 to 1; null when the total is unknown.</summary>
    public double? Share => _last is { Total: > 0 } last ? Math.Clamp(last.Done / last.Total.Value, 0, 1) : null;

    /// <summary>Adds a report.</summary>
    public void Update(Progressed progress)
    {
        if (_last is null || progress.Unit != _last.Unit || progress.Done < _last.Done)
        {
            (_start, _startDone) = (time.GetTimestamp(), progress.Done);
        }

        _last = progress;
    }

    /// <summary>
    /// A line such as <c>1,200/2,000 steps, 41.3 steps/s, 0:19 left, loss 3.21</c>; empty before the first report.
    /// </summary>
    public override string ToString()
    {
        if (_last is not { } last)
        {
            return "";
        }

        var elapsed = time.GetElapsedTime(_start).TotalSeconds;
        var rate = elapsed > 0.5 ? (last.Done - _startDone) / elapsed : 0;
        List<string> parts = [last.Total is { } total ? $"{Number(last.Done)}/{Number(total)} {last.Unit}" : $"{Number(last.Done)} {last.Unit}"];
        if (rate > 0)
        {
            parts.Add($"{Number(rate)} {last.Unit}/s");
            if (last.Total is { } all && all > last.Done)
            {
                parts.Add($"{Clock(TimeSpan.FromSeconds((all - last.Done) / rate))} left");
            }
        }

        if (last.Note is not null)
        {
            parts.Add(last.Note);
        }

        return string.Join(", ", parts);
    }

    /// <summary>A duration as <c>1:02:03</c>, <c>4:05</c> or <c>3.2 s</c>.</summary>
    public static string Clock(TimeSpan duration) =>
        duration.TotalSeconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s")
        : duration.TotalHours >= 1 ? $"{(int)duration.TotalHours}:{duration:mm\\:ss}"
        : $"{(int)duration.TotalMinutes}:{duration:ss}";

    /// <summary>
    /// How long ago something was: <c>just now</c>, <c>12 min ago</c>, <c>3 h ago</c>, <c>5 days ago</c>.
    /// </summary>
    public static string Ago(TimeSpan age) =>
        age.TotalMinutes < 1 ? "just now"
        : age.TotalHours < 1 ? $"{(int)age.TotalMinutes} min ago"
        : age.TotalDays < 2 ? $"{(int)age.TotalHours} h ago"
        : $"{(int)age.TotalDays} days ago";

    /// <summary>A size in bytes, in decimal units: <c>12 B</c>, <c>3.4 MB</c>.</summary>
    public static string Bytes(double size)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var unit = 0;
        for (; size >= 1000 && unit < units.Length - 1; unit++)
        {
            size /= 1000;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size.ToString(unit > 0 && size < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)} {units[unit]}");
    }

    /// <summary>A number with three or four significant digits and thousands separators.</summary>
    public static string Number(double value)
    {
        var magnitude = Math.Abs(value);
        var format = magnitude >= 100 || value == Math.Floor(value) ? "#,0" : magnitude >= 1 ? "0.0#" : "0.####";
        return value.ToString(magnitude is > 0 and < 0.001 ? "0.##e+0" : format, CultureInfo.InvariantCulture);
    }
}
