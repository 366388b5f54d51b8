namespace Experiments.Engine.Runs;

/// <summary>The status of a run.</summary>
public enum RunStatus
{
    /// <summary>Its process is running.</summary>
    Running,

    /// <summary>All stages are done.</summary>
    Done,

    /// <summary>A stage failed.</summary>
    Failed,

    /// <summary>A signal interrupted it.</summary>
    Interrupted,

    /// <summary>Its process is gone and did not record an end.</summary>
    BrokenOff,
}

/// <summary>The words for a run's status.</summary>
public static class RunStatusWords
{
    /// <summary><c>running</c>, <c>done</c>, <c>failed</c>, <c>interrupted</c>, <c>broken off</c>.</summary>
    public static string Word(this RunStatus status) => status == RunStatus.BrokenOff ? "broken off" : status.ToString().ToLowerInvariant();
}
