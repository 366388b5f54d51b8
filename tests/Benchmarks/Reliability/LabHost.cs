using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Experiments.Benchmarks;

/// <summary>A running <c>lab</c> command in a process group of its own, which can be killed and stopped.</summary>
internal sealed partial class LabHost : IDisposable
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private LabHost(Process process, string command, bool isWrapped)
    {
        (_process, Command, IsWrapped) = (process, command, isWrapped);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The command, for people.</summary>
    public string Command { get; }

    /// <summary>Whether the process that was started is not <c>lab</c> itself. Then only all together can be signalled.</summary>
    public bool IsWrapped { get; }

    /// <summary>The signals that it and its workers got.</summary>
    public List<string> Signals { get; } = [];

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a command.</summary>
    /// <param name="program">What starts it: none, or a program that takes a command, such as unshare.</param>
    /// <param name="variables">Environment variables that are set in addition.</param>
    /// <param name="arguments">The arguments of <c>lab</c>.</param>
    public static LabHost Start(IReadOnlyList<string> program, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> arguments)
    {
        var lab = Path.Combine(Checkout.Root, "framework/Host/bin/Release/lab.dll");
        var start = new ProcessStartInfo("setsid", [.. program, "dotnet", lab, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Checkout.Root,
        };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment.Remove("MLFLOW_TRACKING_URI");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var words = variables.Where(each => each.Key == "FAKETIME").Select(each => $"clock {each.Value} s: ");
        return new(Process.Start(start)!, string.Concat(words) + string.Join(' ', [.. program.Take(1), "lab", .. arguments]), program.Count > 0);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code; null when it did not end in time. Then it is killed.</returns>
    public async Task<int?> WaitAsync(TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            SendToGroup(Kill);
            return null;
        }
    }

    /// <summary>Signals the host only.</summary>
    public void SendToHost(int signal) => _ = Signal(_process.Id, signal);

    /// <summary>Signals the host and all its workers.</summary>
    public void SendToGroup(int signal) => _ = Signal(-_process.Id, signal);

    /// <summary>Signals one of its workers.</summary>
    /// <returns>Whether it had any.</returns>
    public bool SendToWorker(int signal, Chance random)
    {
        List<int> workers = [.. Children(_process.Id)];
        return workers.Count > 0 && Signal(workers[random.Next(workers.Count)], signal) == 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            SendToGroup(Kill);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }

    private static IEnumerable<int> Children(int process)
    {
        try
        {
            return [.. from thread in Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task"))
                       from child in File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                       select int.Parse(child, CultureInfo.InvariantCulture)];
        }
        catch (IOException)
        {
            return []; // it just ended
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
