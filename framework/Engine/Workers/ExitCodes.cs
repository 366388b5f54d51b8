namespace Experiments.Engine.Workers;

/// <summary>What the executable's exit code says.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A stage failed.</summary>
    public const int Failed = 1;

    /// <summary>The recipe or the call is wrong.</summary>
    public const int Wrong = 2;

    /// <summary>Interrupted: the same command goes on (sysexits' EX_TEMPFAIL).</summary>
    public const int Interrupted = 75;
}
