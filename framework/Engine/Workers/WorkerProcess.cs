using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>How to start a worker: a program, and the arguments that stand before the attempt's folder.</summary>
public sealed record WorkerCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The argument behind the folder that lets a worker only do pieces of the work.</summary>
    public const string OnlyPieces = "--only-pieces";

    /// <summary>This executable with one of its commands, whether it was started by its own name or through <c>dotnet</c>.</summary>
    /// <param name="verb">The command. Default: a worker.</param>
    public static WorkerCommand Own(string verb = "worker")
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this process is unknown.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new(program, [Path.Combine(AppContext.BaseDirectory, "lab.dll"), verb])
            : new(program, [verb]);
    }
}

/// <summary>How a worker ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Failure">What it said of its failure, or what the host concludes from a death without a word.</param>
/// <param name="PeakMemory">The most memory that it held, in bytes; 0 when it could not say so.</param>
public sealed record WorkerEnd(int ExitCode, Failed? Failure, long PeakMemory);

/// <summary>The host's end of a worker: starts it, hears its events, and survives its death.</summary>
public sealed partial class WorkerProcess(WorkerCommand command)
{
    private const int Terminate = 15;
    private const int FirstSignalExit = 128;
    private const int LastLinesKept = 20;

    /// <summary>Runs an attempt to its end.</summary>
    /// <param name="attemptFolder">Holds the attempt's description.</param>
    /// <param name="threads">Threads for libtorch's and OpenMP's pools.</param>
    /// <param name="onEvent">Hears each event.</param>
    /// <param name="interruption">Asks the worker to save and stop.</param>
    /// <param name="more">Further arguments.</param>
    public async Task<WorkerEnd> RunAsync(string attemptFolder, int threads, Action<WorkerEvent> onEvent, CancellationToken interruption, params IReadOnlyList<string> more)
    {
        var start = new ProcessStartInfo(command.Program, [.. command.Arguments, attemptFolder, .. more])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["MKL_NUM_THREADS"] = start.Environment["OMP_NUM_THREADS"];
        start.Environment[FaultPoint.Variable] = start.Environment.TryGetValue(FaultPoint.WorkerVariable, out var fault) ? fault : null;

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command.Program} could not be started.");
        await using var registration = interruption.Register(() => Signal(process.Id, Terminate));
        Failed? failure = null;
        var peakMemory = 0L;
        ExceptionDispatchInfo? deafness = null;
        Queue<string> lastLines = [];
        await Task.WhenAll(ReadEventsAsync(), ReadErrorsAsync()).ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        if (failure is null && process.ExitCode is not (ExitCodes.Done or ExitCodes.Interrupted))
        {
            failure = new Failed(IsTransient: false, Obituary(process.ExitCode), string.Join('\n', lastLines));
        }

        deafness?.Throw();
        return new WorkerEnd(process.ExitCode, failure, peakMemory);

        // A host that cannot take in what it hears, its disk being full, lets the worker save and stop, and hears it out.
        void Hear(WorkerEvent message)
        {
            try
            {
                if (deafness is null)
                {
                    onEvent(message);
                }
            }
            catch (Exception problem)
            {
                deafness = ExceptionDispatchInfo.Capture(problem);
                Signal(process.Id, Terminate);
            }
        }

        async Task ReadEventsAsync()
        {
            while (await process.StandardOutput.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
            {
                switch (WorkerEvent.Parse(line))
                {
                    case Failed failed:
                        failure = failed;
                        break;
                    case Used used:
                        peakMemory = used.PeakMemory;
                        break;
                    case { } message:
                        Hear(message);
                        break;
                    case null:
                        Hear(new Logged(IsWarning: false, line));
                        break;
                }
            }
        }

        async Task ReadErrorsAsync()
        {
            while (await process.StandardError.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
            {
                if (lastLines.Count == LastLinesKept)
                {
                    lastLines.Dequeue();
                }

                lastLines.Enqueue(line);
                Hear(new Logged(IsWarning: false, line));
            }
        }
    }

    /// <summary>What is concluded from the exit code of a process that said nothing of its failure.</summary>
    internal static string Obituary(int exitCode) => exitCode switch
    {
        FirstSignalExit + 9 => "The worker was killed (SIGKILL): by hand, or by the system for want of memory. Lower batch_size or the model's size, or free memory; then run the same command again.",
        FirstSignalExit + 11 => "The worker crashed in native code (SIGSEGV).",
        FirstSignalExit + 6 => "The worker aborted in native code (SIGABRT).",
        > FirstSignalExit => $"The worker was ended by signal {exitCode - FirstSignalExit}.",
        _ => $"The worker ended with exit code {exitCode} and said nothing.",
    };

    private static void Signal(int process, int signal)
    {
        if (Kill(process, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not 3) // ESRCH: it has just ended
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
