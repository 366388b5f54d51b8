namespace Experiments.Engine.Diagnosis;

/// <summary>Looks at one side of the machine.</summary>
public interface ICheck
{
    /// <summary>Looks.</summary>
    /// <returns>What was seen, at least one finding. What is missing or broken is a finding, not an exception.</returns>
    Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken);
}
