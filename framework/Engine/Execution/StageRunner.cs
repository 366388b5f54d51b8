using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Experiments.Contracts.Artifacts;
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
    /// <summary>The assemblies of the recipe's plugin files.</summary>
    public IReadOnlyList<string> PluginAssemblies { get; init; } = [];

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
        catch (IOException problem)
        {
            return MadeByOthers() ?? new StageRun(stage, StageOutcome.Failed, time.GetElapsedTime(start), Message: DiskSpace.Explain(problem), Detail: problem.ToString());
        }

        // Returns null when another process took the lease during the work. Then that process is waited for.
        async Task<StageRun?> TryRunAsync()
        {
            var workFolder = store.WorkFolder(stage.Plugin.Name, work.Key);
            var attempt = Path.Combine(workFolder, TimestampId.Of(time, randomBytes: 3));
            using var lease = await TakeLeaseAsync(workFolder, Path.GetFileName(attempt), planned, observer, interruption).ConfigureAwait(false);
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
            var end = await _retries.ExecuteAsync(
                async _ => await AttemptAsync(planned, attempt, threads, observer, stop).ConfigureAwait(false), stop).ConfigureAwait(false);
            var duration = time.GetElapsedTime(start);
            if (end.ExitCode == ExitCodes.Done)
            {
                var artifact = store.Commit(AttemptFolder.Output(attempt), stage.Plugin.Name, Describe(planned, code, attempt, threads, duration));
                store.RemoveWork(stage.Plugin.Name, work.Key);
                return Judge(new StageRun(stage, StageOutcome.Made, duration, artifact, PeakMemory: end.PeakMemory));
            }

            if (lease.WhyNotHeld() is not null && MadeByOthers() is var made && (made is not null || !interruption.IsCancellationRequested))
            {
                return made;
            }

            return end.ExitCode == ExitCodes.Interrupted || interruption.IsCancellationRequested ? new StageRun(stage, StageOutcome.Interrupted, duration)
                : MadeByOthers() ?? new StageRun(stage, StageOutcome.Failed, duration, Message: end.Failure?.Message, Detail: end.Failure?.Detail);
        }

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
        var claim = new LeaseClaim(workFolder, attempt, time);
        for (var isFirst = true; ; isFirst = false)
        {
            if (claim.TryTake() is { } lease)
            {
                return lease;
            }

            if (isFirst)
            {
                observer.StageWaits(planned.Stage, $"{claim.Holder ?? "another process"} is making this artifact; waiting for it, and taking over if it gives no sign of life for {claim.Patience}");
            }

            await claim.PauseAsync(interruption).ConfigureAwait(false);
        }
    }

    private async Task<WorkerEnd> AttemptAsync(PlannedStage planned, string folder, int threads, IRunObserver observer, CancellationToken interruption)
    {
        var (stage, work) = (planned.Stage, planned.Work!);
        var earlier = planner.EarlierAttempts(stage, work).Where(each => each != folder).ToList();
        if (Directory.Exists(AttemptFolder.Output(folder)))
        {
            DurableFiles.Remove(AttemptFolder.Output(folder)); // the output of the failed try before
        }

        Directory.CreateDirectory(AttemptFolder.Output(folder));
        new AttemptDescription
        {
            Plugin = stage.Plugin.Name,
            Options = JsonSerializer.SerializeToElement(stage.Full),
            Inputs = work.Inputs,
            PluginAssemblies = PluginAssemblies,
            Seed = work.Identity["seed"]!.GetValue<ulong>(),
            Run = stage.Run with { Threads = threads },
            EarlierAttempts = [.. earlier, folder],
        }.Write(folder);
        if (stage.Run.Parallel > 1 && await DoPiecesAsync(stage, folder, threads, observer, interruption).ConfigureAwait(false) is { } failed)
        {
            return failed;
        }

        return await launcher.RunAsync(new WorkerOrder(folder, threads), message => observer.StageSays(stage, message), interruption).ConfigureAwait(false);
    }

    /// <summary>Lets several processes do the pieces of a stage's work.</summary>
    /// <returns>The end of the first process that failed, or null when none failed.</returns>
    private async Task<WorkerEnd?> DoPiecesAsync(BoundStage stage, string attemptFolder, int threads, IRunObserver observer, CancellationToken interruption)
    {
        WorkShards.DropClaims(AttemptFolder.Shards(attemptFolder));
        var order = new WorkerOrder(attemptFolder, Math.Max(1, threads / stage.Run.Parallel), stage.Run.Parallel);
        var end = await launcher.RunAsync(order, Say, interruption).ConfigureAwait(false);
        return end.ExitCode == ExitCodes.Done ? null : end;

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

    private ArtifactManifest Describe(PlannedStage planned, IReadOnlyList<PluginCode> code, string attemptFolder, int threads, TimeSpan duration)
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
            Parts = [.. stage.Plugin.Outputs.Select(part => DescribePart(output, part.Part, part.ArtifactType.Name))],
            Metrics = StoredFile.Of(output, AttemptFolder.Metrics(attemptFolder)),
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

    private static StoredPart DescribePart(string output, string name, string type)
    {
        var folder = Path.Combine(output, name);
        StoredFile[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => !ArtifactLocation.IsBookkeeping(Path.GetRelativePath(folder, path)))
            .Order(StringComparer.Ordinal)
            .Select(path => StoredFile.Of(folder, path))];
        return new StoredPart(name, type, Digest.OfFiles(files), files);
    }
}
