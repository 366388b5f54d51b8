using Experiments.Contracts.Running;

namespace Experiments.Engine.Workers;

/// <summary>The exit codes of the executable.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A stage failed.</summary>
    public const int Failed = 1;

    /// <summary>The recipe or the call is wrong.</summary>
    public const int Wrong = 2;

    /// <summary>Interrupted; the same command resumes the run (EX_TEMPFAIL of sysexits.h).</summary>
    public const int Interrupted = 75;

    /// <summary>The exit code of a command that ended with a status.</summary>
    public static int Of(EndStatus status) => status switch
    {
        EndStatus.Done => Done,
        EndStatus.Interrupted => Interrupted,
        _ => Failed,
    };
}
