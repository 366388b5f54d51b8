using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>Runs the trials of a sweep.</summary>
public interface ITrialRunner
{
    /// <summary>Runs a trial to its end. A failure is an end, not an exception.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="wasBegun">Whether an earlier process started it, so that its run may already exist, interrupted or
    /// done.</param>
    /// <param name="interruption">Asks the trial to save and stop.</param>
    Task<TrialEnd> RunAsync(Trial trial, bool wasBegun, CancellationToken interruption);
}
