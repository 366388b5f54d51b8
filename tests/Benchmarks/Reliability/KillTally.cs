using System.Globalization;
using System.Text.RegularExpressions;

namespace Experiments.Benchmarks;

/// <summary>Counts kills, commands and faults, and prints the progress and a summary.</summary>
internal sealed partial class KillTally
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private readonly long _start = TimeProvider.System.GetTimestamp();

    /// <summary>Number of kills so far.</summary>
    public int Kills { get; private set; }

    /// <summary>Whether faults are not printed. Default: false.</summary>
    public bool IsSilent { get; init; }

    /// <summary>The faults so far.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Whether there was no fault.</summary>
    public bool IsClean => _faults.Count == 0;

    /// <summary>Counts a kill, or a stop.</summary>
    public void CountKill(string what)
    {
        Kills++;
        Count("kill: " + what);
    }

    /// <summary>Counts something.</summary>
    public void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    /// <summary>Records a fault, and prints it.</summary>
    public void Fault(string text)
    {
        _faults.Add(text);
        if (!IsSilent)
        {
            Console.WriteLine($"FAULT {text}");
        }
    }

    /// <summary>Checks the end of a command: its exit code and its output.</summary>
    /// <param name="host">The command.</param>
    /// <param name="exitCode">Its exit code; null when it did not end.</param>
    /// <param name="allowed">The exit codes that are right.</param>
    public void Check(LabHost host, int? exitCode, params IReadOnlyList<int> allowed)
    {
        var what = exitCode is null ? "did not end"
            : !allowed.Contains(exitCode.Value) ? string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}")
            : StackTrace().IsMatch(host.Output) ? "a stack trace"
            : null;
        Count(string.Create(CultureInfo.InvariantCulture, $"end: {host.Command.Split("lab ")[^1].Split(' ')[0]} {exitCode}"));
        if (what is not null)
        {
            Fault($"{what}: {host.Command} ({string.Join(", ", host.Signals)})\n{host.Output}");
        }
    }

    /// <summary>Prints one line about the progress.</summary>
    public void Progress(int count, int rounds)
    {
        var elapsed = TimeProvider.System.GetElapsedTime(_start);
        var rate = Kills / elapsed.TotalMinutes;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed:hh\\:mm\\:ss}  {Kills} of {count} kills in {rounds} runs, {rate:F1} per minute, {_faults.Count} faults, {(count - Kills) / Math.Max(rate, 0.1):F0} min left"));
    }

    /// <summary>Prints the summary.</summary>
    public void Summarize()
    {
        foreach (var (what, number) in _counts)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-44} {number,6}"));
        }

        Console.WriteLine(_faults.Count == 0 ? "No fault." : $"{_faults.Count} faults. The first: {_faults[0]}");
    }

    [GeneratedRegex(@"^\s+at \S+\(|Unhandled exception", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex StackTrace();
}
