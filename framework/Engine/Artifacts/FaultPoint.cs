using System.Globalization;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// The points at which a crash does most harm: before each journal write, fsync, rename and removal. Environment
/// variables make a process fail at one of them, so that tests can check what a run survives. <c>LAB_FAULT=17</c> kills
/// the process (SIGKILL) at the 17th point; <c>LAB_FAULT=17:full</c> simulates a full disk from there on.
/// <c>LAB_FAULT_WORKER</c> does the same for the workers that the process starts. Without these variables a fault point
/// costs nothing.
/// </summary>
public static partial class FaultPoint
{
    /// <summary>The variable that makes this process fail.</summary>
    public const string Variable = "LAB_FAULT";

    /// <summary>The variable that a host passes to its workers, under the name <see cref="Variable"/>.</summary>
    public const string WorkerVariable = "LAB_FAULT_WORKER";

    private const int DiskFull = 28; // ENOSPC
    private const int Kill = 9;

    private static readonly (int Number, bool IsDiskFull)? Fault = Read(Environment.GetEnvironmentVariable(Variable));
    private static readonly AsyncLocal<Action?> Visitor = new();
    private static int _reached;

    /// <summary>
    /// Calls an action at each fault point that the calling method, and everything that it calls, reaches from now on.
    /// Tests use it to see what is on the disk at each point, and in which order. Several threads may call the action at
    /// once.
    /// </summary>
    /// <param name="atPlace">The action; null ends the calls.</param>
    public static void Visit(Action? atPlace) => Visitor.Value = atPlace;

    /// <summary>Marks a fault point; fails when it is the configured one.</summary>
    /// <exception cref="IOException">A full disk is simulated here.</exception>
    public static void Reach()
    {
        Visitor.Value?.Invoke();
        if (Fault is not { } fault)
        {
            return;
        }

        if (Interlocked.Increment(ref _reached) < fault.Number)
        {
            return;
        }

        if (fault.IsDiskFull)
        {
            throw new IOException("No space left on device", DiskFull);
        }

        _ = Signal(Environment.ProcessId, Kill);
        new ManualResetEvent(initialState: false).WaitOne(); // wait for the signal
    }

    private static (int, bool)? Read(string? text)
    {
        var parts = text?.Split(':');
        return parts is [{ Length: > 0 } number, ..] ? (int.Parse(number, CultureInfo.InvariantCulture), parts is [_, "full"]) : null;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
