using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Sweeps;

/// <summary>Hears how a sweep goes. Never called at once from two threads.</summary>
public interface ISweepObserver
{
    /// <summary>The sweep begins, or goes on.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="isResumed">Whether it goes on.</param>
    /// <param name="standings">How it stands.</param>
    void SweepStarted(SweepFolder folder, bool isResumed, SweepStandings standings);

    /// <summary>A trial begins, or goes on.</summary>
    void TrialStarted(Trial trial);

    /// <summary>A trial ended, or was interrupted.</summary>
    void TrialEnded(Trial trial, TrialEnd end, SweepStandings standings);

    /// <summary>The sweep ended, or was interrupted; its report is written.</summary>
    void SweepEnded(SweepResult result);
}
