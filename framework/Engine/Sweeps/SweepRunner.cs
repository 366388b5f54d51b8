using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Sweeps;

/// <summary>
/// Runs the trials of a sweep, several at a time if asked to, and journals each result. Trials that the journal has as
/// done are not run again.
/// </summary>
/// <param name="plan">The sweep.</param>
/// <param name="trials">Runs the trials.</param>
/// <param name="time">The clock.</param>
public sealed class SweepRunner(SweepPlan plan, ITrialRunner trials, TimeProvider time)
{
    private readonly ISweepMethod _method = ISweepMethod.Of(plan);
    private readonly List<(Trial Trial, Task<TrialEnd> End)> _running = [];

    /// <summary>The largest number of trials that run at the same time. Default: 1.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>
    /// Whether failed trials are run again. Default: false, because new results would change what later points were
    /// chosen from.
    /// </summary>
    public bool RetriesFailed { get; init; }

    /// <summary>
    /// The largest number of unfinished points when a method that learns chooses the next point. It always waits for
    /// the same earlier points, whichever finishes first, so that a resumed sweep makes the same choices as one that
    /// was never interrupted.
    /// </summary>
    private int Lag => Math.Max(1, (Parallel + plan.Seeds.Count - 1) / plan.Seeds.Count);

    /// <summary>Runs the trials that are not done yet.</summary>
    /// <param name="sweep">The sweep's folder, which no other process uses.</param>
    /// <param name="observer">Receives the progress.</param>
    /// <param name="interruption">Asks the running trials to save and stop.</param>
    public async Task<SweepResult> RunAsync(Opened<SweepFolder> sweep, ISweepObserver observer, CancellationToken interruption)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption, sweep.Lease.Lost);
        var start = time.GetTimestamp();
        var (standings, record) = (new SweepStandings(plan), new SweepRecord(sweep.Folder));
        var course = new Course(standings, record, sweep, observer, time);
        try
        {
            for (var number = 1; number <= plan.Points; number++)
            {
                if (record.Point(number) is { } values)
                {
                    course.Recall(plan, number, values, RetriesFailed);
                }
            }

            course.Begin(sweep.IsResumed);
            await WorkAsync(course, stop.Token).ConfigureAwait(false);
            await DrainAsync(course).ConfigureAwait(false);
            var result = new SweepResult(sweep.Folder, standings, time.GetElapsedTime(start));
            course.End(result);
            return result;
        }
        finally
        {
            course.Dispose();
        }
    }

    private async Task WorkAsync(Course course, CancellationToken interruption)
    {
        for (var number = 1; number <= plan.Points; number++)
        {
            var values = course.Record.Point(number);
            while (values is null && _method.Learns(number) && !AreComplete(number - Lag) && _running.Count > 0)
            {
                await SettleAsync(course).ConfigureAwait(false);
            }

            if (interruption.IsCancellationRequested)
            {
                return;
            }

            values ??= _method.Choose(number, course.Standings.Results(number - Lag));
            for (var seed = 0; seed < plan.Seeds.Count; seed++)
            {
                var trial = plan.Trial(number, values, seed);
                if (course.IsEnded(trial))
                {
                    continue;
                }

                while (_running.Count >= Parallel)
                {
                    await SettleAsync(course).ConfigureAwait(false);
                }

                if (interruption.IsCancellationRequested)
                {
                    return;
                }

                course.Start(trial);
                _running.Add((trial, trials.RunAsync(trial, course.Record.IsBrokenOff(trial.Number), interruption)));
            }
        }

        bool AreComplete(int last) => Enumerable.Range(1, Math.Max(0, last)).All(course.Standings.IsComplete);
    }

    private async Task DrainAsync(Course course)
    {
        while (_running.Count > 0)
        {
            await SettleAsync(course).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until one of the running trials ends.</summary>
    private async Task SettleAsync(Course course)
    {
        var ended = await Task.WhenAny(_running.Select(running => running.End)).ConfigureAwait(false);
        var (trial, end) = _running.First(running => running.End == ended);
        _running.Remove((trial, end));
        course.Take(trial, await ended.ConfigureAwait(false));
    }

    /// <summary>Keeps the journal, the standings and the observer consistent.</summary>
    private sealed class Course(SweepStandings standings, SweepRecord record, Opened<SweepFolder> sweep, ISweepObserver observer, TimeProvider time) : IDisposable
    {
        private readonly RunJournal _journal = RunJournal.Open(sweep.Folder.JournalFile, time, sweep.Lease);
        private readonly HashSet<int> _ended = [];

        public SweepStandings Standings => standings;

        public SweepRecord Record => record;

        public bool IsEnded(Trial trial) => _ended.Contains(trial.Number);

        public void Recall(SweepPlan plan, int number, SweepPoint values, bool withoutFailed)
        {
            for (var seed = 0; seed < plan.Seeds.Count; seed++)
            {
                var trial = plan.Trial(number, values, seed);
                if (record.Ended.GetValueOrDefault(trial.Number) is { } end && !(withoutFailed && end.Status == EndStatus.Failed))
                {
                    _ended.Add(trial.Number);
                    standings.Add(trial, end);
                }
            }
        }

        public void Begin(bool isResumed)
        {
            _journal.Append(SweepRecord.SweepStarted, new JsonObject { ["host"] = Environment.MachineName, ["process"] = Environment.ProcessId, ["resumed"] = isResumed });
            observer.SweepStarted(sweep.Folder, isResumed, standings);
        }

        public void Start(Trial trial)
        {
            _journal.Append(SweepRecord.TrialStarted, SweepRecord.Facts(trial));
            observer.TrialStarted(trial);
        }

        public void Take(Trial trial, TrialEnd end)
        {
            if (end.Status != EndStatus.Interrupted)
            {
                _journal.Append(SweepRecord.TrialEnded, end.ToJson(trial));
                _ended.Add(trial.Number);
                standings.Add(trial, end);
            }

            observer.TrialEnded(trial, end, standings);
        }

        public void End(SweepResult result)
        {
            SweepReport.Write(result);
            _journal.Append(SweepRecord.SweepEnded, new JsonObject { ["status"] = result.Status.Word() });
            observer.SweepEnded(result);
        }

        public void Dispose() => _journal.Dispose();
    }
}

/// <summary>The result of a sweep.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Standings">The results of its points.</param>
/// <param name="Duration">The time it took.</param>
public sealed record SweepResult(SweepFolder Folder, SweepStandings Standings, TimeSpan Duration)
{
    /// <summary>How the sweep ended: <c>Failed</c> if a trial failed.</summary>
    public EndStatus Status =>
        Standings.Ended < Standings.Plan.Trials ? EndStatus.Interrupted
        : Standings.Failed > 0 ? EndStatus.Failed
        : EndStatus.Done;

    /// <summary>The exit code for this result.</summary>
    public int ExitCode => ExitCodes.Of(Status);
}
