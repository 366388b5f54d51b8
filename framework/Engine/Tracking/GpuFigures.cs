using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Experiments.Engine.Tracking;

/// <summary>
/// Metrics of NVIDIA GPUs from <c>nvidia-smi</c>. It runs in its own process, so that a hanging driver does not block
/// this one.
/// </summary>
internal sealed class GpuFigures(string program)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const double Mebibyte = 1024 * 1024;

    private readonly string[] _arguments =
        ["--query-gpu=index,utilization.gpu,memory.used,memory.total,power.draw,power.limit", "--format=csv,noheader,nounits"];

    private bool _hasAnswered;
    private bool _isAbsent;

    /// <summary>
    /// Adds the current metrics. Adds none without the program, or if it found no GPU at the first call.
    /// </summary>
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

    // A value that a GPU does not report is [N/A] in the output and NaN here.
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
