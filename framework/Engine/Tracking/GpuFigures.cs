using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Experiments.Engine.Tracking;

/// <summary>The figures of NVIDIA's GPUs, by their own program, which is asked in a process of its own: a driver that hangs takes nothing with it.</summary>
internal sealed class GpuFigures(string program)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const double Mebibyte = 1024 * 1024;

    private readonly string[] _arguments =
        ["--query-gpu=index,utilization.gpu,memory.used,memory.total,power.draw,power.limit", "--format=csv,noheader,nounits"];

    private bool _hasAnswered;
    private bool _isAbsent;

    /// <summary>Adds the figures of this moment. Without the program, or with one that knows no GPU when it is first asked, there are none.</summary>
    public async Task AddAsync(Dictionary<string, double> figures, CancellationToken cancellationToken)
    {
        if (_isAbsent)
        {
            return;
        }

        var answer = await AskAsync(cancellationToken).ConfigureAwait(false);
        _hasAnswered |= answer is not null;
        _isAbsent = !_hasAnswered;
        foreach (var columns in (answer ?? "").Split('\n').Select(line => line.Split(',', StringSplitOptions.TrimEntries)).Where(columns => columns.Length == 6))
        {
            Add(figures, $"gpu_{columns[0]}_", [.. columns.Skip(1).Select(Number)]);
        }
    }

    // What a GPU does not tell stands as [N/A], so it is NaN here.
    private static void Add(Dictionary<string, double> figures, string gpu, double[] values)
    {
        var (utilization, memory, allMemory, power, allPower) = (values[0], values[1], values[2], values[3], values[4]);
        foreach (var (name, value) in new (string, double)[]
        {
            ("utilization_percentage", utilization),
            ("memory_usage_megabytes", memory * Mebibyte / 1e6),
            ("memory_usage_percentage", 100 * memory / allMemory),
            ("power_usage_watts", power),
            ("power_usage_percentage", 100 * power / allPower),
        })
        {
            if (double.IsFinite(value))
            {
                figures[gpu + name] = Math.Round(value, 1);
            }
        }
    }

    private async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, _arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await using var impatience = patience.Token.Register(process.Kill);
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var answer = await process.StandardOutput.ReadToEndAsync(patience.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? answer : null;
        }
        catch (Exception problem) when (problem is Win32Exception || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
