using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Sweeps;

/// <summary>Receives the progress of a sweep. Its methods are never called from two threads at once.</summary>
public interface ISweepObserver
{
    /// <summary>The sweep starts or resumes.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="isResumed">Whether it resumes an earlier sweep.</param>
    /// <param name="standings">The results so far.</param>
    void SweepStarted(SweepFolder folder, bool isResumed, SweepStandings standings);

    /// <summary>A trial starts or resumes.</summary>
    void TrialStarted(Trial trial);

    /// <summary>A trial ended, or was interrupted.</summary>
    void TrialEnded(Trial trial, TrialEnd end, SweepStandings standings);

    /// <summary>The sweep ended, or was interrupted; its report is written.</summary>
    void SweepEnded(SweepResult result);
}
