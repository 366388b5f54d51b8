using System.Globalization;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Engine.Yaml;
using Polly;
using Polly.Retry;

namespace Experiments.Engine.Execution;

/// <summary>
/// Produces the artifact of one planned stage: finds it in the store, or makes it in a worker process and commits it.
/// </summary>
public sealed class StageRunner(ArtifactStore store, Planner planner, IWorkerLauncher launcher, TimeProvider time)
{
    /// <summary>The assemblies of the recipe's plugin files.</summary>
    public IReadOnlyList<string> PluginAssemblies { get; init; } = [];

    /// <summary>These plugin files, in the same order.</summary>
    public IReadOnlyList<string> PluginSources { get; init; } = [];

    /// <summary>The recipe's secrets, which no message may show.</summary>
    public Secrets Secrets { get; init; } = new();

    private StageAttempt Attempt => field ??= new(planner, launcher, time) { PluginAssemblies = PluginAssemblies, PluginSources = PluginSources, Secrets = Secrets };

    private readonly ResiliencePipeline<WorkerEnd> _retries = new ResiliencePipelineBuilder<WorkerEnd> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<WorkerEnd>
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromSeconds(2),
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { Failure.IsTransient: true }),
        })
        .Build();

    /// <summary>Runs a stage whose inputs all exist.</summary>
    /// <param name="planned">The stage.</param>
    /// <param name="threads">Number of processor threads that it may use.</param>
    /// <param name="force">Whether to make it again even if it is in the store.</param>
    /// <param name="observer">Receives the events.</param>
    /// <param name="interruption">Makes the stage save a checkpoint and stop.</param>
    public async Task<StageRun> RunAsync(PlannedStage planned, int threads, bool force, IRunObserver observer, CancellationToken interruption)
    {
        var (stage, work) = (planned.Stage, planned.Work!);
        if (planned.Artifact is not null)
        {
            planned = planned with { State = StageState.Run, Reason = "forced; its artifact is in the store", Artifact = null };
        }

        var start = time.GetTimestamp();
        try
        {
            while (true)
            {
                if (await TryRunAsync().ConfigureAwait(false) is { } run)
                {
                    return run;
                }
            }
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            return new StageRun(stage, StageOutcome.Interrupted, time.GetElapsedTime(start));
        }
        catch (Exception problem) // whatever is wrong with one stage's files or events, the other stages go on
        {
            return MadeByOthers() ?? Failed(DiskSpace.Explain(problem), problem.ToString());
        }

        // Returns null when another process took the lease during the work. Then that process is waited for.
        async Task<StageRun?> TryRunAsync()
        {
            var attempt = NewAttempt();
            using var lease = await TakeLeaseAsync(attempt, planned, observer, interruption).ConfigureAwait(false);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption, lease.Lost);
            if (store.Find(stage.Plugin.Name, work.Key) is { } found)
            {
                if (!force)
                {
                    store.RemoveWork(stage.Plugin.Name, work.Key);
                    return Judge(new StageRun(stage, StageOutcome.Found, Artifact: found)); // another host made it
                }

                store.Remove(found);
            }

            try
            {
                return await WorkAsync(attempt, lease, stop.Token).ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is IOException or OperationCanceledException && !interruption.IsCancellationRequested && lease.WhyNotHeld() is not null)
            {
                return MadeByOthers();
            }
        }

        async Task<StageRun?> WorkAsync(string attempt, Lease lease, CancellationToken stop)
        {
            var code = planner.CodeOf(stage); // before it runs, because a build in the meantime would change the files
            observer.StageStarted(planned);
            if (MachineWarnings.Threads(stage, launcher.Capacity.Cores) is { } warning)
            {
                observer.StageSays(stage, new Logged(IsWarning: true, warning));
            }

            if (planner.StartsAfresh)
            {
                AttemptFolder.IgnoreEarlierWork(attempt, planner.EarlierAttempts(stage, work));
            }

            var end = await _retries.ExecuteAsync(
                async _ =>
                {
                    attempt = Directory.Exists(AttemptFolder.Output(attempt)) ? NewAttempt() : attempt; // a retry resumes from what the try before left
                    return await Attempt.RunAsync(planned, code, attempt, threads, observer, stop).ConfigureAwait(false);
                },
                stop).ConfigureAwait(false);
            var duration = time.GetElapsedTime(start);
            if (end.Output is { } output)
            {
                var artifact = store.Commit(AttemptFolder.Output(attempt), stage.Plugin.Name, Attempt.Describe(planned, output, code, attempt, threads, duration));
                store.RemoveWork(stage.Plugin.Name, work.Key);
                return Judge(new StageRun(stage, StageOutcome.Made, duration, artifact, PeakMemory: output.PeakMemory));
            }

            if (lease.WhyNotHeld() is not null && MadeByOthers() is var made && (made is not null || !interruption.IsCancellationRequested))
            {
                return made;
            }

            return end.Status == EndStatus.Interrupted || interruption.IsCancellationRequested ? new StageRun(stage, StageOutcome.Interrupted, duration)
                : MadeByOthers() ?? Failed(end.Failure?.Message, end.Failure?.Detail);
        }

        string NewAttempt() => Path.Combine(store.WorkFolder(stage.Plugin.Name, work.Key), TimestampId.Of(time, randomBytes: 3));

        StageRun Failed(string? message, string? detail) =>
            new(stage, StageOutcome.Failed, time.GetElapsedTime(start), Message: message is null ? null : Secrets.Hide(message), Detail: detail is null ? null : Secrets.Hide(detail));

        // After a pause longer than its lease, this process may find its folder removed and its work done by another.
        StageRun? MadeByOthers()
        {
            if (force || store.Find(stage.Plugin.Name, work.Key) is not { } artifact)
            {
                return null;
            }

            store.RemoveWork(stage.Plugin.Name, work.Key);
            return Judge(new StageRun(stage, StageOutcome.Found, time.GetElapsedTime(start), artifact));
        }
    }

    /// <summary>Checks the conditions on a finished stage's results.</summary>
    public static StageRun Judge(StageRun run)
    {
        var results = run.Artifact!.Manifest.Results;
        var broken = run.Stage.Expectations
            .Where(gate => !results.TryGetValue(gate.Metric, out var value) || !gate.Holds(value))
            .Select(gate => results.TryGetValue(gate.Metric, out var value)
                ? string.Create(CultureInfo.InvariantCulture, $"{gate.Location}: expected {gate.Metric} {gate.Text}, but it is {value:G6}")
                : $"{gate.Location}: expected {gate.Metric} {gate.Text}, but the stage records no such metric. It records: {string.Join(", ", results.Keys)}")
            .ToList();
        return broken.Count == 0 ? run : run with { Outcome = StageOutcome.Failed, Message = string.Join('\n', broken) };
    }

    private async Task<Lease> TakeLeaseAsync(string attempt, PlannedStage planned, IRunObserver observer, CancellationToken interruption)
    {
        var claim = new LeaseClaim(Path.GetDirectoryName(attempt)!, Path.GetFileName(attempt), time);
        for (var isFirst = true; ; isFirst = false)
        {
            if (claim.TryTake() is { } lease)
            {
                return lease;
            }

            if (isFirst)
            {
                var holder = claim.Holder ?? "another process";
                observer.StageWaits(planned.Stage, $"{holder} is making this artifact; waiting for it, and taking over if it gives no sign of life for {claim.Patience}");
            }

            await claim.PauseAsync(interruption).ConfigureAwait(false);
        }
    }
}
