using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Workers;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Execution;

/// <summary>Runs attempts at stages: describes an attempt to its worker, passes the events on, and describes the output.</summary>
/// <param name="planner">Finds earlier attempts.</param>
/// <param name="launcher">Runs the workers.</param>
/// <param name="time">The clock.</param>
internal sealed class StageAttempt(Planner planner, IWorkerLauncher launcher, TimeProvider time)
{
    /// <summary>The assemblies of the recipe's plugin files.</summary>
    public IReadOnlyList<string> PluginAssemblies { get; init; } = [];

    /// <summary>These plugin files, in the same order.</summary>
    public IReadOnlyList<string> PluginSources { get; init; } = [];

    /// <summary>The recipe's secrets, which no message may show.</summary>
    public Secrets Secrets { get; init; } = new();

    /// <summary>Runs a stage in a worker process.</summary>
    /// <param name="planned">The stage.</param>
    /// <param name="code">The code of its plugins.</param>
    /// <param name="folder">The attempt's folder.</param>
    /// <param name="threads">Number of processor threads that it may use.</param>
    /// <param name="observer">Receives the events.</param>
    /// <param name="interruption">Makes the stage save a checkpoint and stop.</param>
    public async Task<WorkerEnd> RunAsync(
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

        return await launcher.RunAsync(new WorkerOrder(folder, threads), message => observer.StageSays(stage, Hide(message)), interruption).ConfigureAwait(false);
    }

    private WorkerEvent Hide(WorkerEvent message) => message switch
    {
        Logged logged => logged with { Text = Secrets.Hide(logged.Text) },
        Progressed { Note: { } note } progress => progress with { Note = Secrets.Hide(note) },
        _ => message,
    };

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
                    observer.StageSays(stage, Hide(message));
                    break;
            }
        }
    }

    /// <summary>The manifest of what an attempt made.</summary>
    public ArtifactManifest Describe(PlannedStage planned, Finished finished, IReadOnlyList<PluginCode> code, string attemptFolder, int threads, TimeSpan duration)
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
            Sources =
            [
                .. from source in work.Sources
                   select source with { Folder = Secrets.Hide(source.Folder), Files = [.. source.Files.Select(Secrets.Hide)] },
            ],
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
