using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// Whether processes of this machine are alive. A later process with the same id is not mistaken for an earlier one.
/// </summary>
internal static partial class LocalProcess
{
    private const int NoSuchProcess = 3; // ESRCH
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The start time of a process, in clock ticks since boot; null when there is no such process, when it has ended
    /// and its parent has not noticed yet, or when it cannot be seen.
    /// </summary>
    /// <param name="id">The process id.</param>
    public static string? StartOf(int id) => Facts(id) is { } facts && !HasEnded(facts) ? facts[19] : null;

    /// <summary>Whether a process may be running. True when in doubt.</summary>
    /// <param name="id">The process id.</param>
    /// <param name="started">Its start time, as <see cref="StartOf"/> tells it.</param>
    public static bool MayRun(int id, string? started) =>
        Facts(id) is { } facts
            ? !HasEnded(facts) && (started is null || facts[19] == started)
            : Signal(id, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess; // /proc may hide processes of others

    /// <summary>Whether a process lives that started no later than a time. When in doubt, it lives.</summary>
    /// <param name="id">The process id.</param>
    /// <param name="time">The time, in UTC.</param>
    public static bool IsAliveSince(int id, DateTime time)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() <= time + ClockSlack;
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            return true; // it exists, but this process may not inspect it
        }
    }

    /// <summary>The words of <c>/proc/ID/stat</c> after the name, the state first.</summary>
    private static string[]? Facts(int id)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool HasEnded(string[] facts) => facts[0] is "Z" or "X";

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
