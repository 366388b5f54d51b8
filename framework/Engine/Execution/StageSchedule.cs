using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Execution;

/// <summary>
/// Executes a recipe's DAG. Stages whose artifact is in the store are found; the others run, at the same time if the
/// budget allows it. When a stage fails, its dependants are skipped and independent branches continue. Before a stage
/// starts, all bytes that it reads are compared with what was written. A damaged artifact is set aside and made again
/// first.
/// </summary>
internal sealed class StageSchedule(CheckedRecipe recipe, ArtifactStore store, Planner planner, StageRunner runner, RunJournal journal, IRunObserver observer)
{
    private readonly Dictionary<string, StoredArtifact> _made = [];
    private readonly Dictionary<string, StageRun> _ended = [];
    private readonly Dictionary<string, PlannedStage> _planned = [];
    private readonly Dictionary<Task<Turn>, Reservation> _running = [];
    private readonly HashSet<string> _begun = [];
    private readonly HashSet<string> _whole = [];

    /// <summary>The names of the stages that may run.</summary>
    public required IReadOnlySet<string> Selected { get; init; }

    /// <summary>Whether a stage runs even if its artifact is in the store.</summary>
    public required Func<BoundStage, bool> IsForced { get; init; }

    /// <summary>The threads and the memory that the stages share.</summary>
    public required StageBudget Budget { get; init; }

    /// <summary>Returns the memory that a stage used when it last ran; 0 when that is unknown. Unit: bytes.</summary>
    public required Func<string, long> LastPeakMemory { get; init; }

    /// <summary>Runs all stages.</summary>
    /// <returns>The result of each stage, in the recipe's order.</returns>
    public async Task<IReadOnlyList<StageRun>> RunAsync(CancellationToken interruption)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        try
        {
            await WorkAsync(stop.Token).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false); // for example, the journal cannot be written: stop all workers
            await ((Task)Task.WhenAll(_running.Keys)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return [.. recipe.Stages.Select(stage => _ended[stage.Name])];
    }

    private async Task WorkAsync(CancellationToken interruption)
    {
        for (; ; )
        {
            while (EndWhatNeedsNoWork(interruption))
            {
            }

            Begin(interruption);
            if (_running.Count == 0)
            {
                return;
            }

            var task = await Task.WhenAny(_running.Keys).ConfigureAwait(false);
            _running.Remove(task, out var reservation);
            Budget.Return(reservation!);
            Take(await task.ConfigureAwait(false));
        }
    }

    private IEnumerable<BoundStage> Waiting => recipe.Stages.Where(stage => !_ended.ContainsKey(stage.Name) && !_begun.Contains(stage.Name));

    private bool EndWhatNeedsNoWork(CancellationToken interruption)
    {
        var before = _ended.Count;
        foreach (var stage in Waiting.ToList())
        {
            if (interruption.IsCancellationRequested)
            {
                End(new StageRun(stage, StageOutcome.Interrupted));
            }
            else if (stage.Upstream.FirstOrDefault(name => _ended.ContainsKey(name) && !_made.ContainsKey(name)) is { } missing)
            {
                journal.Append(RunEvents.StageSkipped, new JsonObject { ["stage"] = stage.Name });
                End(new StageRun(stage, StageOutcome.Skipped, Message: $"'{missing}' has no artifact"));
            }
            else if (IsReady(stage))
            {
                if (TryPlan(stage) is not { } planned)
                {
                    continue;
                }

                if (planned.State == StageState.Hit && !IsForced(stage))
                {
                    if (planned.Warning is { } warning)
                    {
                        observer.StageSays(stage, new Logged(IsWarning: true, warning));
                    }

                    Conclude(planned, StageRunner.Judge(new StageRun(stage, StageOutcome.Found, Artifact: planned.Artifact)));
                }
                else if (!Selected.Contains(stage.Name) && planned.State != StageState.Hit)
                {
                    End(new StageRun(stage, StageOutcome.Skipped, Message: "not selected, and its artifact is not in the store"));
                }
            }
        }

        return _ended.Count > before;
    }

    /// <summary>
    /// Starts every stage that is ready and whose share of the machine is free, in the recipe's order.
    /// </summary>
    private void Begin(CancellationToken interruption)
    {
        var ready = Waiting.Where(IsReady).ToList();
        foreach (var (place, stage) in ready.Index())
        {
            if (Budget.TryReserve(stage, LastPeakMemory(stage.Name), ready.Count - place) is { } reservation)
            {
                _begun.Add(stage.Name);
                var planned = Plan(stage);
                var unread = stage.Upstream.Where(name => !_whole.Contains(name)).Select(name => (name, _made[name])).ToList();
                _running.Add(Task.Run(() => RunAsync(planned, reservation.Threads, unread, interruption), CancellationToken.None), reservation);
            }
        }
    }

    private async Task<Turn> RunAsync(PlannedStage planned, int threads, IReadOnlyList<(string Stage, StoredArtifact Artifact)> unread, CancellationToken interruption)
    {
        try
        {
            foreach (var (stage, artifact) in unread)
            {
                if (artifact.Damage(hash: true) is { } damage)
                {
                    return new Turn(planned, Damaged: (stage, artifact, damage));
                }
            }
        }
        catch (Exception problem) when (IsOfFiles(problem))
        {
            return new Turn(planned, Unreadable(planned.Stage, problem));
        }

        journal.Append(RunEvents.StageStarted, Facts(planned));
        return new Turn(planned, await runner.RunAsync(planned, threads, IsForced(planned.Stage), observer, interruption).ConfigureAwait(false));
    }

    private void Take(Turn turn)
    {
        _begun.Remove(turn.Planned.Stage.Name);
        if (turn.Damaged is var (stage, artifact, damage))
        {
            store.SetAside(artifact.Folder, damage);
            _made.Remove(stage);
            _ended.Remove(stage);
            _planned.Remove(stage);
            foreach (var reader in recipe.Stages.Where(each => each.Upstream.Contains(stage)))
            {
                _planned.Remove(reader.Name); // its key holds the digest of the damaged artifact's bytes
            }

            return;
        }

        _whole.UnionWith(turn.Planned.Stage.Upstream);
        if (turn.Run!.Outcome == StageOutcome.Made)
        {
            _whole.Add(turn.Planned.Stage.Name);
        }

        Conclude(turn.Planned, turn.Run);
    }

    private void Conclude(PlannedStage planned, StageRun run)
    {
        var facts = Facts(planned);
        facts["outcome"] = run.Outcome.ToString();
        facts["seconds"] = run.Duration.TotalSeconds;
        facts["peak_memory"] = run.PeakMemory;
        facts["message"] = run.Message;
        journal.Append(run.Outcome is StageOutcome.Made or StageOutcome.Found ? RunEvents.StageDone : RunEvents.StageFailed, facts);
        if (run.Outcome == StageOutcome.Found && !Directory.Exists(run.Artifact!.Folder))
        {
            _planned.Remove(run.Stage.Name); // `lab gc` removed it just before the journal protected it: make it again
            return;
        }

        End(run);
    }

    private void End(StageRun run)
    {
        _ended[run.Stage.Name] = run;
        if (run.Outcome is StageOutcome.Made or StageOutcome.Found)
        {
            _made[run.Stage.Name] = run.Artifact!;
        }

        observer.StageEnded(run);
    }

    private bool IsReady(BoundStage stage) => stage.Upstream.All(_made.ContainsKey);

    private PlannedStage Plan(BoundStage stage) =>
        _planned.TryGetValue(stage.Name, out var planned) ? planned : _planned[stage.Name] = planner.Plan(stage, recipe.Seed, _made);

    /// <summary>The plan of a stage; null when a file cannot be read that the plan depends on, and the stage has failed.</summary>
    private PlannedStage? TryPlan(BoundStage stage)
    {
        try
        {
            return Plan(stage);
        }
        catch (Exception problem) when (IsOfFiles(problem))
        {
            journal.Append(RunEvents.StageFailed, new JsonObject { ["stage"] = stage.Name, ["message"] = problem.Message });
            End(Unreadable(stage, problem));
            return null;
        }
    }

    private static bool IsOfFiles(Exception problem) => problem is IOException or UnauthorizedAccessException;

    private static StageRun Unreadable(BoundStage stage, Exception problem) =>
        new(stage, StageOutcome.Failed, Message: $"The files of what it reads or made cannot be used: {problem.Message}", Detail: problem.ToString());

    private static JsonObject Facts(PlannedStage planned) =>
        new() { ["stage"] = planned.Stage.Name, ["key"] = planned.Work!.Key, ["identity"] = planned.Work.Identity.DeepClone() };

    /// <summary>The result of a stage that started: it ran, or something that it reads is damaged.</summary>
    private sealed record Turn(PlannedStage Planned, StageRun? Run = null, (string Stage, StoredArtifact Artifact, string Damage)? Damaged = null);
}
