using System.Globalization;

namespace Experiments.Engine.Tracking;

/// <summary>
/// The load of the processors, by all processes, and by one process and its descendants: a run's host and its workers.
/// The machine's load is a percentage of all cores. The load of the processes is a percentage of one core, so it may
/// exceed 100.
/// </summary>
internal sealed class ProcessorFigures(string proc, int root)
{
    // Columns of /proc/PID/stat after the name, which may contain spaces.
    private const int Parent = 1;
    private const int UserTicks = 11;
    private const int ReapedSystemTicks = 14;
    private const int ResidentPages = 21;

    // Columns of the line "cpu" in /proc/stat; those after the eighth are already included in the first two.
    private const int Idle = 3;
    private const int WaitingForDisk = 4;
    private const int Counted = 8;

    private (double Busy, double All, double Own)? _before;

    /// <summary>Adds the metrics of the time since the last call.</summary>
    public void Add(Dictionary<string, double> figures)
    {
        var lines = File.ReadAllLines(Path.Combine(proc, "stat"));
        var ticks = Columns(lines[0]).Skip(1).Take(Counted).Select(Number).ToList();
        var cores = lines.Count(line => line.StartsWith("cpu", StringComparison.Ordinal)) - 1;
        var own = OwnProcesses();
        var now = (Busy: ticks.Sum() - ticks[Idle] - ticks[WaitingForDisk], All: ticks.Sum(), Own: own.Sum(process => process.Ticks));
        if (_before is { } before && now.All > before.All)
        {
            var passed = now.All - before.All;
            figures["cpu_utilization_percentage"] = Percentage((now.Busy - before.Busy) / passed);
            figures["process_cpu_percentage"] = Percentage((now.Own - before.Own) / passed * cores);
        }

        _before = now;
        figures["process_memory_rss_megabytes"] = Math.Round(own.Sum(process => process.Pages) * Environment.SystemPageSize / 1e6, 1);
    }

    /// <summary>
    /// The process and its descendants. The time of a child that ended and was waited for is in its parent's ticks.
    /// </summary>
    private List<ProcessFacts> OwnProcesses()
    {
        var children = Directory.EnumerateDirectories(proc).Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Read(id) : null)
            .OfType<ProcessFacts>().ToLookup(process => process.Id == root ? 0 : process.Parent);
        List<ProcessFacts> own = [.. children[0].Where(process => process.Id == root)];
        for (var i = 0; i < own.Count; i++)
        {
            own.AddRange(children[own[i].Id]);
        }

        return own;
    }

    private ProcessFacts? Read(int id)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(proc, id.ToString(CultureInfo.InvariantCulture), "stat"));
            var columns = Columns(text[(text.LastIndexOf(')') + 1)..]);
            return new(
                id,
                int.Parse(columns[Parent], CultureInfo.InvariantCulture),
                columns[UserTicks..(ReapedSystemTicks + 1)].Sum(Number),
                Number(columns[ResidentPages]));
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] Columns(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Percentage(double share) => Math.Round(100 * Math.Max(0, share), 1);

    private sealed record ProcessFacts(int Id, int Parent, double Ticks, double Pages);
}
