namespace Experiments.Contracts.Running;

/// <summary>Takes lines for the log.</summary>
public interface IStageLog
{
    /// <summary>Something worth knowing.</summary>
    void Info(string message);

    /// <summary>Something that was not as it should be and was gone around: a skipped record, a damaged file.</summary>
    void Warn(string message);
}
