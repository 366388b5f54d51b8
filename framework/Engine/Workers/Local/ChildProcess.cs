using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Workers.Local;

/// <summary>
/// A child process. Its output is read line by line. It watches its standard input, so that it stops when this process
/// dies.
/// </summary>
public sealed partial class ChildProcess : IDisposable
{
    private const int Terminate = 15; // SIGTERM
    private const int FirstSignalExit = 128;
    private const int NoSuchProcess = 3; // ESRCH
    private const int LastErrorsKept = 20;

    private readonly Process _process;
    private readonly Queue<string> _lastErrors = [];

    private ChildProcess(Process process) => _process = process;

    /// <summary>Starts a process.</summary>
    /// <param name="command">The command.</param>
    /// <param name="arguments">Its further arguments.</param>
    /// <param name="environment">Environment variables to set, or to remove if null. All others are inherited.</param>
    /// <exception cref="InvalidOperationException">The process cannot be started.</exception>
    public static ChildProcess Start(OwnCommand command, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>> environment)
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

        return new(Process.Start(start) ?? throw new InvalidOperationException($"{command.Program} could not be started."));
    }

    /// <summary>The last lines of standard error, at most 20.</summary>
    public string LastErrors => string.Join('\n', _lastErrors);

    /// <summary>Reads the output of the process until it ends.</summary>
    /// <param name="onOutput">Receives each line of standard output.</param>
    /// <param name="onError">Receives each line of standard error; null to ignore them.</param>
    /// <returns>The exit code; 128 plus the signal's number when a signal ended the process.</returns>
    public async Task<int> ReadToEndAsync(Action<string> onOutput, Action<string>? onError = null)
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput, onOutput), ReadAsync(_process.StandardError, KeepError)).ConfigureAwait(false);
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return _process.ExitCode;

        void KeepError(string line)
        {
            if (_lastErrors.Count == LastErrorsKept)
            {
                _lastErrors.Dequeue();
            }

            _lastErrors.Enqueue(line);
            onError?.Invoke(line);
        }
    }

    /// <summary>Asks the process to save and stop, with SIGTERM. It may have ended already.</summary>
    public void SendTerminate()
    {
        if (Kill(_process.Id, Terminate) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
        {
            throw new Win32Exception(error);
        }
    }

    /// <summary>
    /// Asks the process to save and stop, by closing its input. The death of this process has the same effect.
    /// </summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    /// <summary>The failure of a process that reported none, derived from its exit code.</summary>
    public static string Obituary(int exitCode) => exitCode switch
    {
        FirstSignalExit + 9 =>
            "The worker was killed (SIGKILL): by a user, or by the system because memory ran out. "
            + "Lower batch_size or the model's size, or free memory; then run the same command again.",
        FirstSignalExit + 11 => "The worker crashed in native code (SIGSEGV).",
        FirstSignalExit + 6 => "The worker aborted in native code (SIGABRT).",
        > FirstSignalExit => $"The worker was ended by signal {exitCode - FirstSignalExit}.",
        _ => $"The worker ended with exit code {exitCode} and reported no failure.",
    };

    private static async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            onLine(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
