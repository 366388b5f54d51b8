namespace Experiments.Contracts.Running;

/// <summary>Writes lines to the log.</summary>
public interface IStageLog
{
    /// <summary>Logs information.</summary>
    void Info(string message);

    /// <summary>Logs a problem that was worked around: a skipped record, a damaged file.</summary>
    void Warn(string message);
}
