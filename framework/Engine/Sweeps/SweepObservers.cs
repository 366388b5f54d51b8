using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Sweeps;

/// <summary>Passes the events of a sweep to several observers.</summary>
public sealed class SweepObservers(IReadOnlyList<ISweepObserver> observers) : ISweepObserver
{
    /// <inheritdoc/>
    public void SweepStarted(SweepFolder folder, bool isResumed, SweepStandings standings) => Each(observer => observer.SweepStarted(folder, isResumed, standings));

    /// <inheritdoc/>
    public void TrialStarted(Trial trial) => Each(observer => observer.TrialStarted(trial));

    /// <inheritdoc/>
    public void TrialEnded(Trial trial, TrialEnd end, SweepStandings standings) => Each(observer => observer.TrialEnded(trial, end, standings));

    /// <inheritdoc/>
    public void SweepEnded(SweepResult result) => Each(observer => observer.SweepEnded(result));

    private void Each(Action<ISweepObserver> call)
    {
        foreach (var observer in observers)
        {
            call(observer);
        }
    }
}
