using System.Runtime.InteropServices;

namespace Experiments.Engine.Workers.Local;

/// <summary>
/// A worker leads a process group of its own. One signal then reaches everything that its stage started, and Ctrl-C on
/// the terminal reaches only the host, which decides.
/// </summary>
public static partial class ProcessGroup
{
    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCONT.</summary>
    public const int Continue = 18;

    /// <summary>SIGSTOP.</summary>
    public const int Stop = 19;

    /// <summary>Makes this process the leader of a group of its own.</summary>
    public static void Lead()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetGroup(0, 0); // fails only for a process that leads a session, and therefore a group, already
        }
    }

    /// <summary>Sends a signal to a process. It may have ended already.</summary>
    public static void Signal(int process, int signal) => _ = Send(process, signal);

    /// <summary>Sends a signal to the group that a process leads. Does nothing if it leads none.</summary>
    public static void SignalGroup(int leader, int signal) => _ = Send(-leader, signal);

    /// <summary>Ends this process, and with it the group that it leads.</summary>
    public static void KillOwn()
    {
        SignalGroup(Environment.ProcessId, Kill);
        Signal(Environment.ProcessId, Kill);
    }

    /// <summary>
    /// Stops this process, as Ctrl-Z does, until its shell lets it go on. Does nothing for a process without a shell of its
    /// session, which nobody would wake.
    /// </summary>
    public static void StopOwn()
    {
        if (Session(ParentProcess()) == Session(0))
        {
            Signal(Environment.ProcessId, Stop);
        }
    }

    [LibraryImport("libc", EntryPoint = "getsid")]
    private static partial int Session(int process);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentProcess();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);

    [LibraryImport("libc", EntryPoint = "setpgid")]
    private static partial int SetGroup(int process, int group);
}
