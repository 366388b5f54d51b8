namespace Experiments.Engine.Runs;

/// <summary>How a stage ended.</summary>
public enum StageOutcome
{
    /// <summary>Its artifact was made in this run.</summary>
    Made,

    /// <summary>Its artifact was in the store.</summary>
    Found,

    /// <summary>It failed, or a condition on its results did.</summary>
    Failed,

    /// <summary>It was not run, because an upstream stage failed or was not selected.</summary>
    Skipped,

    /// <summary>It was interrupted. The same command resumes it.</summary>
    Interrupted,
}
