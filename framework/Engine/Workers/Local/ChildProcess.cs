using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Workers.Local;

/// <summary>
/// A child process. Its output is read line by line. It watches its standard input, so that it stops when this process
/// dies. When this process exits first, as it does at a second Ctrl-C, it ends the child and all that the child started.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    /// <summary>The longest line of standard output. Unit: bytes.</summary>
    public const int LongestOutput = 64 << 20;

    private const int LongestError = 1 << 16;
    private const int LastErrorsKept = 20;

    /// <summary>
    /// How long to wait for the end of the output after the process has ended. A process that left the group may hold it
    /// open for ever.
    /// </summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan WakeAfter = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly int _id; // the process object loses it when it is disposed
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lastErrors = [];
    private readonly PosixSignalRegistration? _suspension;
    private readonly ITimer _waking;
    private bool _isClosed;

    private ChildProcess(Process process, TimeProvider time)
    {
        (_process, _id, _time) = (process, process.Id, time);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _waking = time.CreateTimer(_ => ProcessGroup.SignalGroup(_id, ProcessGroup.Continue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _suspension = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ => Suspend());
    }

    /// <summary>Starts a process.</summary>
    /// <param name="command">The command.</param>
    /// <param name="arguments">Its further arguments.</param>
    /// <param name="environment">Environment variables to set, or to remove if null. All others are inherited.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidOperationException">The process cannot be started.</exception>
    public static ChildProcess Start(OwnCommand command, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>> environment, TimeProvider time)
    {
        var start = new ProcessStartInfo(command.Program, [.. command.Arguments, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start) ?? throw new InvalidOperationException($"{command.Program} could not be started."), time);
    }

    /// <summary>The last lines of standard error, at most 20.</summary>
    public string LastErrors
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _lastErrors);
            }
        }
    }

    /// <summary>
    /// Reads the output of the process until it ends. Then ends what it left running in its process group.
    /// </summary>
    /// <param name="onOutput">Receives each line of standard output, and whether it is longer than
    /// <see cref="LongestOutput"/> and was cut.</param>
    /// <param name="onError">Receives each line of standard error; null to ignore them.</param>
    /// <returns>The exit code; 128 plus the signal's number when a signal ended the process.</returns>
    public async Task<int> ReadToEndAsync(Action<string, bool> onOutput, Action<string>? onError = null)
    {
        var output = new BoundedLines(_process.StandardOutput.BaseStream, LongestOutput).ReadAsync(WhileOpen(onOutput));
        var errors = new BoundedLines(_process.StandardError.BaseStream, LongestError).ReadAsync(WhileOpen(KeepError));
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        ProcessGroup.SignalGroup(_id, ProcessGroup.Kill);
        var all = Task.WhenAll(output, errors);
        await Task.WhenAny(all, Task.Delay(Drain, _time, CancellationToken.None)).ConfigureAwait(false);
        lock (_gate)
        {
            _isClosed = true;
        }

        if (all.IsCompleted)
        {
            await all.ConfigureAwait(false);
        }

        return _process.ExitCode;

        void KeepError(string line, bool isCut)
        {
            line += isCut ? " [the rest of this line is left out]" : "";
            if (_lastErrors.Count == LastErrorsKept)
            {
                _lastErrors.Dequeue();
            }

            _lastErrors.Enqueue(line);
            onError?.Invoke(line);
        }

        Action<string, bool> WhileOpen(Action<string, bool> onLine) => (line, isCut) =>
        {
            lock (_gate)
            {
                if (!_isClosed)
                {
                    onLine(line, isCut);
                }
            }
        };
    }

    /// <summary>Asks the process to save and stop, with SIGTERM. It may have ended already.</summary>
    public void SendTerminate() => ProcessGroup.Signal(_id, ProcessGroup.Terminate);

    /// <summary>
    /// Asks the process to save and stop, by closing its input. The death of this process has the same effect.
    /// </summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Ends the process at once, with all that it started. It may have ended already.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended, or a process of the tree has.
        }

        ProcessGroup.SignalGroup(_id, ProcessGroup.Kill);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _suspension?.Dispose();
        _waking.Dispose();
        _process.Dispose();
    }

    /// <summary>The failure of a process that reported none, derived from its exit code.</summary>
    public static string Obituary(int exitCode) => exitCode switch
    {
        0 or ExitCodes.Interrupted =>
            $"The worker ended with exit code {exitCode}, but never said how the stage ended: the stage, or a library that it calls, ended the process. "
            + "Let RunAsync return its artifact or throw, instead of calling Environment.Exit.",
        128 + 9 =>
            "The worker was killed (SIGKILL): by a user, or by the system because memory ran out. "
            + "Lower batch_size or the model's size, or free memory; then run the same command again.",
        128 + 11 => "The worker crashed in native code (SIGSEGV).",
        128 + 6 => "The worker aborted (SIGABRT): in native code, by a stack overflow, or by Environment.FailFast.",
        > 128 => $"The worker was ended by signal {exitCode - 128}.",
        _ => $"The worker ended with exit code {exitCode} and reported no failure.",
    };

    /// <summary>
    /// Ctrl-Z stops this process, and must stop the child's group with it. While this process is stopped, its timer
    /// does not run. When it goes on, the timer wakes the child.
    /// </summary>
    private void Suspend()
    {
        ProcessGroup.SignalGroup(_id, ProcessGroup.Stop);
        _waking.Change(WakeAfter, Timeout.InfiniteTimeSpan);
    }

    private void OnExit(object? sender, EventArgs arguments) => Kill();
}
