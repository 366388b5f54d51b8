using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Tracking;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;

namespace Experiments.Engine.Execution;

/// <summary>
/// Executes recipes and sweeps and tracks them: it opens the tracking journal, sends it in the background, samples how busy the machine is, collects
/// the facts about source and machine, and sends what earlier runs could not.
/// </summary>
/// <param name="store">The artifacts.</param>
/// <param name="launcher">Where the stages run.</param>
/// <param name="runsFolder">The folder of runs and artifacts.</param>
/// <param name="time">The clock.</param>
public sealed class TrackedExecution(ArtifactStore store, IWorkerLauncher launcher, string runsFolder, TimeProvider time)
{
    /// <summary>Runs a recipe.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="observers">Makes what hears how it goes, once the run has a folder.</param>
    /// <param name="warn">Takes what the user should know about the tracking.</param>
    /// <param name="interruption">Saves a checkpoint and stops.</param>
    /// <exception cref="ArgumentException">The recipe's tracking target is wrong. Nothing was run.</exception>
    public async Task<RunResult> RunAsync(
        RunRequest request, Func<RunFolder, IReadOnlyList<IRunObserver>> observers, Action<string> warn, CancellationToken interruption)
    {
        var (recipe, trial) = (request.Recipe, request.Trial);
        var target = TargetOf(recipe);
        var limits = trial is null ? RunLimits.Of(launcher.Capacity, request.Jobs) : RunLimits.ShareOf(launcher.Capacity, trial.Beside);
        using var end = new CancellationTokenSource();
        var earlier = Task.CompletedTask;
        TrackingSession? session = null;
        SystemSampling? sampling = null;
        try
        {
            return await new RunExecutor(store, launcher, runsFolder, time).RunAsync(recipe, request.Selection, limits, async run =>
            {
                var others = observers(run);
                session = Open(run, recipe, target, warn);
                sampling = recipe.Tracking.SystemMetricsEvery is { } every ? new(session.Journal, new SystemMetrics(run.Path), every, time, warn) : null;
                earlier = Task.Run(() => SendEarlierAsync(end.Token), CancellationToken.None);
                var facts = await RunFacts.CollectAsync(recipe.Path, CancellationToken.None).ConfigureAwait(false);
                return new RunObservers([.. others, new TrackedRun(session.Journal, facts, sampling, trial)]);
            }, interruption, trial).ConfigureAwait(false);
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

    /// <summary>Runs the trials of a recipe's sweep, or those that an earlier process left.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="observer">Hears how it goes.</param>
    /// <param name="warn">Takes what the user should know about the tracking.</param>
    /// <param name="interruption">Saves and stops.</param>
    /// <exception cref="ArgumentException">The recipe's tracking target is wrong. Nothing was run.</exception>
    public async Task<SweepResult> SweepAsync(SweepRequest request, ISweepObserver observer, Action<string> warn, CancellationToken interruption)
    {
        var (recipe, plan) = (request.Recipe, request.Recipe.Sweep!);
        var target = TargetOf(recipe);
        var recipeFolder = Path.Combine(runsFolder, recipe.Name);
        using var sweep = SweepFolder.OpenOrCreate(recipeFolder, recipe.Resolved, plan, time);
        await using var session = Open(sweep.Folder.AsRun, recipe, target, warn);
        var facts = await RunFacts.CollectAsync(recipe.Path, CancellationToken.None).ConfigureAwait(false);
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

    private TrackingTarget TargetOf(CheckedRecipe recipe) =>
        TrackingTarget.Resolve(recipe.Tracking.Uri, Environment.GetEnvironmentVariable(TrackingTarget.Variable), runsFolder);

    private TrackingSession Open(RunFolder run, CheckedRecipe recipe, TrackingTarget target, Action<string> warn) =>
        TrackingSession.Open(run.TrackingFile, target.Open(recipe.Tracking.Experiment ?? recipe.Name, time, warn), time, warn);

    // In the background, so nothing is said about it: `lab sync` reports what cannot be sent.
    private async Task SendEarlierAsync(CancellationToken end)
    {
        var earlier = new EarlierRuns(runsFolder, Environment.GetEnvironmentVariable(TrackingTarget.Variable), time, _ => { });
        await foreach (var _ in earlier.SendAsync(onlyUnsent: true, end).ConfigureAwait(false))
        {
        }
    }
}

/// <summary>A run that is asked for.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Selection">Which of its stages.</param>
public sealed record RunRequest(CheckedRecipe Recipe, RunSelection Selection)
{
    /// <summary>Stages side by side, or null for as many as find free threads.</summary>
    public int? Jobs { get; init; }

    /// <summary>The trial of a sweep that the run is, or null.</summary>
    public TrialMark? Trial { get; init; }
}

/// <summary>A sweep that is asked for.</summary>
/// <param name="Recipe">The recipe, which has a sweep.</param>
public sealed record SweepRequest(CheckedRecipe Recipe)
{
    /// <summary>Trials side by side.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The stage up to which each trial runs, or null for the whole recipe.</summary>
    public string? Until { get; init; }

    /// <summary>Whether trials that failed run again.</summary>
    public bool RetriesFailed { get; init; }
}
