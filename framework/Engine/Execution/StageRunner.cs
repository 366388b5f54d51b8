using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Polly;
using Polly.Retry;

namespace Experiments.Engine.Execution;

/// <summary>
/// Produces the artifact of one planned stage: finds it in the store, or makes it in a worker process and commits it.
/// </summary>
public sealed class StageRunner(ArtifactStore store, Planner planner, IWorkerLauncher launcher, TimeProvider time)
{
    private static readonly TimeSpan LeasePoll = TimeSpan.FromSeconds(1);

    /// <summary>The assemblies of the recipe's plugin files.</summary>
    public IReadOnlyList<string> PluginAssemblies { get; init; } = [];

    /// <summary>These plugin files, in the same order.</summary>
    public IReadOnlyList<string> PluginSources { get; init; } = [];

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
        var workFolder = store.WorkFolder(stage.Plugin.Name, work.Key);
        var attempt = NewAttempt();
        try
        {
            using var lease = await TakeLeaseAsync(workFolder, Path.GetFileName(attempt), planned, observer, interruption).ConfigureAwait(false);
            if (store.Find(stage.Plugin.Name, work.Key) is { } found)
            {
                if (!force)
                {
                    store.RemoveWork(stage.Plugin.Name, work.Key);
                    return Judge(new StageRun(stage, StageOutcome.Found, Artifact: found)); // another host made it
                }

                store.Remove(found);
            }

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
                    return await AttemptAsync(planned, code, attempt, threads, observer, interruption).ConfigureAwait(false);
                },
                interruption).ConfigureAwait(false);
            var duration = time.GetElapsedTime(start);
            if (end.Output is { } output)
            {
                var made = store.Commit(AttemptFolder.Output(attempt), stage.Plugin.Name, Describe(planned, output, code, attempt, threads, duration));
                store.RemoveWork(stage.Plugin.Name, work.Key);
                return Judge(new StageRun(stage, StageOutcome.Made, duration, made, PeakMemory: output.PeakMemory));
            }

            return end.Status == EndStatus.Interrupted || interruption.IsCancellationRequested ? new StageRun(stage, StageOutcome.Interrupted, duration)
                : MadeByOthers() ?? new StageRun(stage, StageOutcome.Failed, duration, Message: end.Failure?.Message, Detail: end.Failure?.Detail);
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            return new StageRun(stage, StageOutcome.Interrupted, time.GetElapsedTime(start));
        }
        catch (Exception problem) // whatever is wrong with one stage's files or events, the other stages go on
        {
            return MadeByOthers() ?? new StageRun(stage, StageOutcome.Failed, time.GetElapsedTime(start), Message: DiskSpace.Explain(problem), Detail: problem.ToString());
        }

        string NewAttempt() => Path.Combine(workFolder, TimestampId.Of(time, randomBytes: 3));

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

    private async Task<Lease> TakeLeaseAsync(string workFolder, string attempt, PlannedStage planned, IRunObserver observer, CancellationToken interruption)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var (lease, holder) = Lease.TryTake(workFolder, attempt, time);
            if (lease is not null)
            {
                return lease;
            }

            if (isFirst)
            {
                observer.StageSays(planned.Stage, new Logged(IsWarning: false, $"{holder} is making this artifact; waiting for it"));
            }

            await Task.Delay(LeasePoll, time, interruption).ConfigureAwait(false);
        }
    }

    private async Task<WorkerEnd> AttemptAsync(
        PlannedStage planned, IReadOnlyList<PluginCode> code, string folder, int threads, IRunObserver observer, CancellationToken interruption)
    {
        var (stage, work) = (planned.Stage, planned.Work!);
        var earlier = planner.EarlierAttempts(stage, work).Where(each => each != folder).ToList();
        Directory.CreateDirectory(AttemptFolder.Output(folder));
        WorkCode.Write(folder, code);
        new AttemptDescription
        {
            Plugin = stage.Plugin.Name,
            Options = JsonSerializer.SerializeToElement(stage.Secret?.Full ?? stage.Full),
            HasSecrets = stage.Secret is not null,
            Inputs = work.Inputs,
            PluginAssemblies = PluginAssemblies,
            PluginSources = PluginSources,
            Seed = work.Identity["seed"]!.GetValue<ulong>(),
            Run = stage.Run with { Threads = threads },
            EarlierAttempts = earlier,
        }.Write(folder);
        if (stage.Run.Parallel > 1)
        {
            JoinCodeOfPieces(stage, AttemptFolder.Shards(folder), code, observer);
        }

        if (stage.Run.Parallel > 1 && await DoPiecesAsync(stage, folder, threads, observer, interruption).ConfigureAwait(false) is { } failed)
        {
            return failed;
        }

        return await launcher.RunAsync(new WorkerOrder(folder, threads), message => observer.StageSays(stage, message), interruption).ConfigureAwait(false);
    }

    /// <summary>The pieces that earlier attempts finished may have been made by other code: warns, and records both.</summary>
    private static void JoinCodeOfPieces(BoundStage stage, string shards, IReadOnlyList<PluginCode> code, IRunObserver observer)
    {
        var others = WorkCode.Others(WorkCode.Read(shards), code);
        if (others.Count > 0)
        {
            observer.StageSays(stage, new Logged(IsWarning: true, WorkCode.Warning("finished pieces of its work", others)));
        }

        Directory.CreateDirectory(shards);
        WorkCode.Write(shards, [.. code, .. others]);
    }

    private static IReadOnlyList<PluginCode>? EarlierCode(BoundStage stage, string attemptFolder, IReadOnlyList<PluginCode> code)
    {
        var pieces = stage.Run.Parallel > 1 ? WorkCode.Read(AttemptFolder.Shards(attemptFolder)) : [];
        var others = WorkCode.Others([.. WorkCode.Read(attemptFolder), .. pieces], code).DistinctBy(each => each.Digest).ToList();
        return others.Count > 0 ? others : null;
    }

    /// <summary>Lets several processes do the pieces of a stage's work.</summary>
    /// <returns>The end of the first process that failed, or null when none failed.</returns>
    private async Task<WorkerEnd?> DoPiecesAsync(BoundStage stage, string attemptFolder, int threads, IRunObserver observer, CancellationToken interruption)
    {
        WorkShards.DropClaims(AttemptFolder.Shards(attemptFolder));
        var order = new WorkerOrder(attemptFolder, Math.Max(1, threads / stage.Run.Parallel), stage.Run.Parallel);
        var end = await launcher.RunAsync(order, Say, interruption).ConfigureAwait(false);
        return end.Status == EndStatus.Done ? null : end;

        void Say(WorkerEvent message)
        {
            switch (message)
            {
                case ShardDone shard:
                    observer.StageSays(stage, new Progressed(shard.Done, shard.Total, "shards", null));
                    break;
                case Logged:
                    observer.StageSays(stage, message);
                    break;
            }
        }
    }

    private ArtifactManifest Describe(PlannedStage planned, Finished finished, IReadOnlyList<PluginCode> code, string attemptFolder, int threads, TimeSpan duration)
    {
        var (stage, work) = (planned.Stage, planned.Work!);
        var output = AttemptFolder.Output(attemptFolder);
        return new ArtifactManifest
        {
            Plugin = stage.Plugin.Name,
            Key = work.Key,
            Identity = work.Identity,
            Options = stage.Full,
            Parents = work.Parents,
            Sources = work.Sources,
            Code = code,
            EarlierCode = EarlierCode(stage, attemptFolder, code),
            Parts = FinishedOutput.Describe(output, stage.Plugin.Outputs, finished),
            Metrics = FinishedOutput.DescribeMetrics(AttemptFolder.Metrics(attemptFolder), finished),
            Results = MetricLines.Results(MetricLines.Read(AttemptFolder.Metrics(attemptFolder))),
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["cores"] = launcher.Capacity.Cores.ToString(CultureInfo.InvariantCulture),
                ["framework"] = RuntimeInformation.FrameworkDescription,
                ["host"] = Environment.MachineName,
                ["lab"] = FileVersionInfo.GetVersionInfo(typeof(StageRunner).Assembly.Location).ProductVersion ?? "unknown",
                ["system"] = RuntimeInformation.OSDescription,
                ["threads"] = threads.ToString(CultureInfo.InvariantCulture),
            },
            Finished = time.GetUtcNow(),
            Seconds = Math.Round(duration.TotalSeconds, 3),
        };
    }
}
