using Experiments.Contracts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Tracking;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;

namespace Experiments.Engine.Execution;

/// <summary>
/// Executes and tracks recipes and sweeps. It opens the tracking journal, sends it in the background, samples the
/// machine's load, collects facts about source code and machine, and sends what earlier runs did not send.
/// </summary>
/// <param name="store">The store, which holds the artifacts.</param>
/// <param name="launcher">Where the stages run.</param>
/// <param name="runsFolder">The folder of runs and artifacts.</param>
/// <param name="time">The clock.</param>
public sealed class TrackedExecution(ArtifactStore store, IWorkerLauncher launcher, string runsFolder, TimeProvider time)
{
    /// <summary>Runs a recipe.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="observers">Creates the observers when the run has a folder.</param>
    /// <param name="warn">Receives warnings about the tracking for the user.</param>
    /// <param name="interruption">Makes the stages save a checkpoint and stop.</param>
    /// <exception cref="UsageException">The recipe's tracking address is wrong. Nothing was run.</exception>
    public async Task<RunResult> RunAsync(
        RunRequest request, Func<RunFolder, IReadOnlyList<IRunObserver>> observers, Action<string> warn, CancellationToken interruption)
    {
        var (recipe, trial) = (request.Recipe, request.Trial);
        using var tracked = recipe.OpenTracking(runsFolder, time, warn);
        var limits = trial is null ? RunLimits.Of(launcher.Capacity, request.Jobs) : RunLimits.ShareOf(launcher.Capacity, trial.Beside);
        using var end = new CancellationTokenSource();
        var earlier = Task.CompletedTask;
        TrackingSession? session = null;
        SystemSampling? sampling = null;
        try
        {
            return await new RunExecutor(store, launcher, runsFolder, time).RunAsync(recipe, request.Selection, limits, async opened =>
            {
                var run = opened.Folder;
                var others = observers(run);
                session = TrackingSession.Open(run.TrackingFile, tracked, time, warn, opened.Lease);
                sampling = recipe.Tracking.SystemMetricsEvery is { } every ? new(session.Journal, new SystemMetrics(run.Path), every, time, warn) : null;
                earlier = Task.Run(() => SendEarlierAsync(recipe.Catalog, end.Token), CancellationToken.None);
                var facts = (await RunFacts.CollectAsync(recipe.Path, CancellationToken.None).ConfigureAwait(false)).Hiding(recipe.Secrets);
                return new RunObservers([.. others, new TrackedRun(session.Journal, facts, sampling, trial)]);
            }, interruption, warn, trial).ConfigureAwait(false);
        }
        finally
        {
            sampling?.Dispose();
            await end.CancelAsync().ConfigureAwait(false);
            await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Runs the trials of a recipe's sweep. Trials that an earlier process finished are not run again.
    /// </summary>
    /// <param name="request">What to run.</param>
    /// <param name="observer">Receives the progress.</param>
    /// <param name="warn">Receives warnings about the tracking for the user.</param>
    /// <param name="interruption">Makes the running trials save and stop.</param>
    /// <exception cref="UsageException">The recipe's tracking address is wrong. Nothing was run.</exception>
    public async Task<SweepResult> SweepAsync(SweepRequest request, ISweepObserver observer, Action<string> warn, CancellationToken interruption)
    {
        var (recipe, plan) = (request.Recipe, request.Recipe.Sweep!);
        using var tracked = recipe.OpenTracking(runsFolder, time, warn);
        var recipeFolder = Path.Combine(runsFolder, recipe.Name);
        using var sweep = await SweepFolder.OpenOrCreateAsync(recipeFolder, recipe.Resolved, plan, time, warn, interruption).ConfigureAwait(false);
        await using var session = TrackingSession.Open(sweep.Folder.AsRun.TrackingFile, tracked, time, warn, sweep.Lease);
        var facts = (await RunFacts.CollectAsync(recipe.Path, CancellationToken.None).ConfigureAwait(false)).Hiding(recipe.Secrets);
        var runs = new TrialRuns(store, recipeFolder, sweep.Folder.Id, plan.Objective);
        var trials = new TrialProcess(recipe, sweep.Folder, runs, OwnCommand.Of("run"), time)
        {
            RunsFolder = runsFolder,
            Beside = request.Parallel,
            Until = request.Until,
        };
        var runner = new SweepRunner(plan, trials, time) { Parallel = request.Parallel, RetriesFailed = request.RetriesFailed };
        var observers = new SweepObservers([new TrackedSweep(session.Journal, facts, recipe.Name, time), observer]);
        return await runner.RunAsync(sweep, observers, interruption).ConfigureAwait(false);
    }

    // This runs in the background, so failures are not reported. `lab sync` reports them.
    private async Task SendEarlierAsync(IPluginSource plugins, CancellationToken end)
    {
        var earlier = new EarlierRuns(runsFolder, plugins, time, _ => { });
        await foreach (var _ in earlier.SendAsync(onlyUnsent: true, end).ConfigureAwait(false))
        {
        }
    }
}

/// <summary>A request to run a recipe.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Selection">The stages to run.</param>
public sealed record RunRequest(CheckedRecipe Recipe, RunSelection Selection)
{
    /// <summary>
    /// The largest number of stages that run at the same time; null for as many as there are free threads.
    /// </summary>
    public int? Jobs { get; init; }

    /// <summary>The trial of a sweep that this run is, or null.</summary>
    public TrialMark? Trial { get; init; }
}

/// <summary>A request to run a sweep.</summary>
/// <param name="Recipe">The recipe. It must have a sweep.</param>
public sealed record SweepRequest(CheckedRecipe Recipe)
{
    /// <summary>The largest number of trials that run at the same time. Default: 1.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The last stage that each trial runs, or null for the whole recipe.</summary>
    public string? Until { get; init; }

    /// <summary>Whether to run failed trials again. Default: false.</summary>
    public bool RetriesFailed { get; init; }
}
