using System.Globalization;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// The places at which a crash hurts most: before each journal write, fsync, rename and removal. The environment makes a process fail at one of
/// them, so that tests prove what a run survives: <c>LAB_FAULT=17</c> kills it (SIGKILL) at the 17th, <c>LAB_FAULT=17:full</c> finds the disk
/// full there. <c>LAB_FAULT_WORKER</c> is the same for the workers that it starts. Without these variables a place costs nothing.
/// </summary>
public static partial class FaultPoint
{
    /// <summary>The variable that a process obeys.</summary>
    public const string Variable = "LAB_FAULT";

    /// <summary>The variable that a host hands to its workers as <see cref="Variable"/>.</summary>
    public const string WorkerVariable = "LAB_FAULT_WORKER";

    private const int DiskFull = 28; // ENOSPC
    private const int Kill = 9;

    private static readonly (int Number, bool IsDiskFull)? Fault = Read(Environment.GetEnvironmentVariable(Variable));
    private static readonly AsyncLocal<Action?> Visitor = new();
    private static int _reached;

    /// <summary>
    /// Calls an action before each place that the calling method, and what it calls, reaches from now on. A test sees
    /// what is on the disk at each place, and in which order. Several threads may call the action at once.
    /// </summary>
    /// <param name="atPlace">The action; null ends the calls.</param>
    public static void Visit(Action? atPlace) => Visitor.Value = atPlace;

    /// <summary>A place is reached.</summary>
    /// <exception cref="IOException">The disk is made to be full here.</exception>
    public static void Reach()
    {
        Visitor.Value?.Invoke();
        if (Fault is not { } fault || Interlocked.Increment(ref _reached) is var count && count < fault.Number)
        {
            return;
        }

        if (fault.IsDiskFull)
        {
            throw new IOException("No space left on device", DiskFull);
        }

        _ = Signal(Environment.ProcessId, Kill);
        new ManualResetEvent(initialState: false).WaitOne(); // the signal is on its way
    }

    private static (int, bool)? Read(string? text)
    {
        var parts = text?.Split(':');
        return parts is [{ Length: > 0 } number, ..] ? (int.Parse(number, CultureInfo.InvariantCulture), parts is [_, "full"]) : null;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
