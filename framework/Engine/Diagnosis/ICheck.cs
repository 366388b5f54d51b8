namespace Experiments.Engine.Diagnosis;

/// <summary>Checks one aspect of the machine.</summary>
public interface ICheck
{
    /// <summary>Runs the check.</summary>
    /// <returns>At least one finding. Something missing or broken is a finding, not an exception.</returns>
    Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken);
}
