using System.Runtime.InteropServices;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;

namespace Experiments.Host;

/// <summary>
/// Handles SIGINT (Ctrl-C), SIGTERM and SIGUSR1 (Slurm's warning). The first signal asks the run to save and stop; the
/// second ends the process at once, and its workers with it. SIGTSTP (Ctrl-Z) suspends both.
/// </summary>
public sealed class Interruption : IDisposable
{
    private const PosixSignal UserSignal = (PosixSignal)10; // SIGUSR1: the enumeration has no name for it

    private readonly CancellationTokenSource _source = new();
    private readonly IReadOnlyList<PosixSignalRegistration> _registrations;

    /// <summary>Starts listening for signals.</summary>
    /// <param name="say">Tells the user what the first signal does.</param>
    public Interruption(Action<string> say)
        : this(say, isChild: false)
    {
    }

    private Interruption(Action<string> say, bool isChild)
    {
        PosixSignal[] interrupting = [PosixSignal.SIGINT, PosixSignal.SIGTERM, UserSignal];
        _registrations = [.. Suspension(), .. interrupting.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            if (isChild && context.Signal == PosixSignal.SIGINT)
            {
                return; // the parent also receives Ctrl-C, and decides
            }

            if (_source.IsCancellationRequested)
            {
                Environment.Exit(ExitCodes.Interrupted);
            }

            say("interrupting: saving a checkpoint (a second signal stops at once) ...");
            _source.Cancel();
        }
    }

    /// <summary>
    /// Listens in a child process, which is also interrupted when its standard input ends. Its parent keeps it open as
    /// long as the child should run.
    /// </summary>
    /// <param name="say">Tells the user what the first signal does.</param>
    public static Interruption OfChild(Action<string> say)
    {
        var interruption = new Interruption(say, isChild: true);
        Lifeline.Watch(Console.OpenStandardInput(), interruption._source, TimeProvider.System, () => Environment.Exit(ExitCodes.Interrupted));
        return interruption;
    }

    private static IEnumerable<PosixSignalRegistration> Suspension() => OperatingSystem.IsWindows() ? [] : [PosixSignalRegistration.Create(PosixSignal.SIGTSTP, Suspend)];

    /// <summary>Ctrl-Z. The newest registrations are called first, so the workers have been stopped already.</summary>
    private static void Suspend(PosixSignalContext context)
    {
        context.Cancel = true;
        ProcessGroup.StopOwn();
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }
}
