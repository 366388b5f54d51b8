namespace Experiments.Engine.Runs;

/// <summary>How a stage ended.</summary>
public enum StageOutcome
{
    /// <summary>Its artifact was made in this run.</summary>
    Made,

    /// <summary>Its artifact was in the store.</summary>
    Found,

    /// <summary>It failed, or a gate did.</summary>
    Failed,

    /// <summary>It was not run, for a stage before it failed or was left out.</summary>
    Skipped,

    /// <summary>It was interrupted, and goes on when the same command is given.</summary>
    Interrupted,
}
