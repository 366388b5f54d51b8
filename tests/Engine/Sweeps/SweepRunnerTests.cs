using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Tests.Recipes;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Tests.Sweeps;

public sealed class SweepRunnerTests : IDisposable
{
    private const string Grid = "space: { x: { path: vars.x, values: [3, 1, 2] } }";
    private const string Tpe = "method: tpe, trials: 24, space: { x: { path: vars.x, range: [0, 10] } }";

    private readonly RecipeBench _bench = new();

    [Fact]
    public async Task EveryPointIsRunAndTheBestStandsFirst()
    {
        var result = await RunAsync(Plan(Grid), new Trials());

        result.ExitCode.ShouldBe(ExitCodes.Done);
        result.Standings.Points.Select(point => point.Mean).ShouldBe([3, 1, 2]);
        result.Standings.Ranked.Select(point => point.Number).ShouldBe([2, 3, 1]);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(result.Folder.ResultFile, TestContext.Current.CancellationToken))!;
        json["points"]!.AsArray().Select(point => ((int)point!["values"]!["x"]!, (double)point["objective"]!)).ShouldBe([(1, 1), (2, 2), (3, 3)]);
        (await File.ReadAllTextAsync(result.Folder.ReportFile, TestContext.Current.CancellationToken)).ShouldContain("| 1 | 1 | 1 | run-2 |\n| 2 | 2 | 2 | run-3 |\n| 3 | 3 | 3 | run-1 |\n");
    }

    [Fact]
    public async Task SeedsAreAveragedAndTheirSpreadIsSaid()
    {
        var result = await RunAsync(Plan($"seeds: [1, 2, 6], {Grid}"), new Trials { Objective = trial => trial.Values["x"]!.GetValue<long>() + (double)trial.Seed });

        var best = result.Standings.Best!;
        (best.Number, best.Mean, best.Trials.Count).ShouldBe((2, 4, 3));
        best.StandardError!.Value.ShouldBe(Math.Sqrt((4 + 1 + 9) / 2.0 / 3), 1e-12);
    }

    [Fact]
    public async Task AFailedTrialIsNamedAndStopsNoOther()
    {
        var trials = new Trials { Objective = trial => trial.Number == 2 ? null : trial.Number };
        var result = await RunAsync(Plan(Grid), trials);

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        trials.Run.ShouldBe([1, 2, 3]);
        result.Standings.Best!.Number.ShouldBe(1);
        SweepReport.Failures(result.Standings).ShouldBe(["trial 2 (x 1, seed 1): stage 'lines': it broke"]);
    }

    [Fact]
    public async Task WhatIsDoneIsNotRunAgainAndWhatWasBrokenOffGoesOn()
    {
        var plan = Plan(Grid);
        var first = new Trials { DiesAt = 2 };
        await Should.ThrowAsync<TimeoutException>(() => RunAsync(plan, first));
        var second = new Trials();
        var result = await RunAsync(plan, second);

        first.Run.ShouldBe([1, 2]);
        second.Run.ShouldBe([2, 3]);
        second.BrokenOff.ShouldBe([2]);
        result.Standings.Points.Select(point => point.Mean).ShouldBe([3, 1, 2]);
        var third = new Trials();
        (await RunAsync(plan, third)).ExitCode.ShouldBe(ExitCodes.Done);
        third.Run.ShouldBeEmpty();
    }

    [Fact]
    public async Task AFailedTrialStaysSoUntilItIsToBeRunAgain()
    {
        var plan = Plan(Grid);
        await RunAsync(plan, new Trials { Objective = trial => trial.Number == 2 ? null : trial.Number });
        var (kept, again) = (new Trials(), new Trials());

        (await RunAsync(plan, kept)).ExitCode.ShouldBe(ExitCodes.Failed);
        (await RunAsync(plan, again, retries: true)).ExitCode.ShouldBe(ExitCodes.Done);
        kept.Run.ShouldBeEmpty();
        again.Run.ShouldBe([2]);
        again.BrokenOff.ShouldBeEmpty();
        (await RunAsync(plan, new Trials())).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task ASweepBrokenOffAnywhereProposesAsOneLeftAlone(int parallel)
    {
        var plan = Plan(Tpe);
        var whole = await RunAsync(plan, new Trials(), parallel, "whole");
        for (var kill = 1; kill <= plan.Trials; kill += 3)
        {
            await Should.ThrowAsync<TimeoutException>(() => RunAsync(plan, new Trials { DiesAt = kill }, parallel, $"killed-{kill}"));
            var resumed = await RunAsync(plan, new Trials(), parallel, $"killed-{kill}");
            resumed.Standings.Points.Select(point => $"{point.Values}").ShouldBe(whole.Standings.Points.Select(point => $"{point.Values}"), $"killed at {kill}");
        }
    }

    [Fact]
    public async Task TrialsSideBySideProposeTheSameWhicheverEndsFirst()
    {
        var plan = Plan(Tpe);
        Func<Trial, double?> everBetter = trial => -trial.Number; // each result changes the next proposal
        var (forth, back) = (new Trials { Held = 2, Objective = everBetter }, new Trials { Held = 2, Objective = everBetter, IsLaterFirst = true });
        var one = await RunAsync(plan, forth, parallel: 2, "forth");
        var other = await RunAsync(plan, back, parallel: 2, "back");

        (forth.MostAtOnce, back.MostAtOnce).ShouldBe((2, 2));
        other.Standings.Points.Select(point => $"{point.Values}").ShouldBe(one.Standings.Points.Select(point => $"{point.Values}"));
    }

    [Fact]
    public async Task AnInterruptionStopsAndIsGoneOnWith()
    {
        var plan = Plan(Grid);
        using var interruption = new CancellationTokenSource();
        var trials = new Trials { Interrupts = (2, interruption.Cancel) };
        var result = await RunAsync(plan, trials, interruption: interruption);

        (result.ExitCode, result.Status).ShouldBe((ExitCodes.Interrupted, EndStatus.Interrupted));
        trials.Run.ShouldBe([1, 2]);
        var rest = new Trials();
        (await RunAsync(plan, rest)).ExitCode.ShouldBe(ExitCodes.Done);
        rest.Run.ShouldBe([2, 3]);
    }

    [Fact]
    public async Task AnotherPlanIsAnotherSweep()
    {
        var one = await RunAsync(Plan(Grid), new Trials());
        var other = await RunAsync(Plan(Grid + ", seeds: [2]"), new Trials());

        other.Folder.Path.ShouldNotBe(one.Folder.Path);
        RunFolder.Of(Path.GetDirectoryName(Path.GetDirectoryName(one.Folder.Path)!)!).ShouldBeEmpty("sweeps are no runs");
    }

    [Fact]
    public async Task TwoProcessesAreNotAtOneSweep()
    {
        var plan = Plan(Grid);
        using var held = Open(plan, "r");

        (await Should.ThrowAsync<IOException>(() => RunAsync(plan, new Trials()))).Message.ShouldStartWith($"Sweep {held.Folder.Id} is already running: process ");
    }

    public void Dispose() => _bench.Dispose();

    private SweepPlan Plan(string sweep) => _bench.Read($$"""
        vars: { x: 1 }
        stages: { lines: { use: write-lines } }
        sweep: { {{sweep}}, objective: { minimize: lines.lines } }
        """).Sweep!;

    private Opened<SweepFolder> Open(SweepPlan plan, string recipe) => SweepFolder.OpenOrCreateAsync(Path.Combine(_bench.Root, "runs", recipe), new JsonObject(), plan, TimeProvider.System, _ => { }, CancellationToken.None).GetAwaiter().GetResult();

    private async Task<SweepResult> RunAsync(SweepPlan plan, Trials trials, int parallel = 1, string recipe = "r", bool retries = false, CancellationTokenSource? interruption = null)
    {
        using var sweep = Open(plan, recipe);
        return await new SweepRunner(plan, trials, TimeProvider.System) { Parallel = parallel, RetriesFailed = retries }.RunAsync(sweep, trials, interruption?.Token ?? TestContext.Current.CancellationToken);
    }

    /// <summary>Runs trials whose result is their x.</summary>
    private sealed class Trials : ITrialRunner, ISweepObserver
    {
        private readonly List<(Trial Trial, TaskCompletionSource<TrialEnd> End)> _held = [];
        private int _next; // how many of the held trials may end after the runner got the first result

        public Func<Trial, double?> Objective { get; init; } = trial => double.Parse(trial.Values["x"]!.ToJsonString(), CultureInfo.InvariantCulture);

        public int DiesAt { get; init; }

        public (int Trial, Action? Cancel) Interrupts { get; init; }

        /// <summary>Number of trials that must be running before one of them ends.</summary>
        public int Held { get; init; } = 1;

        /// <summary>Whether the trial that began last ends first, and the others after it.</summary>
        public bool IsLaterFirst { get; init; }

        public int MostAtOnce { get; private set; }

        public List<int> Run { get; } = [];

        public List<int> BrokenOff { get; } = [];

        public Task<TrialEnd> RunAsync(Trial trial, bool wasBegun, CancellationToken interruption)
        {
            Run.Add(trial.Number);
            BrokenOff.AddRange(wasBegun ? [trial.Number] : []);
            if (trial.Number == DiesAt)
            {
                throw new TimeoutException("the process dies here");
            }

            if (trial.Number == Interrupts.Trial)
            {
                Interrupts.Cancel!();
                return Task.FromResult(new TrialEnd(EndStatus.Interrupted, null, null, null, 0));
            }

            var end = new TaskCompletionSource<TrialEnd>();
            _held.Add((trial, end));
            MostAtOnce = Math.Max(MostAtOnce, _held.Count);
            if (_held.Count == Held)
            {
                Release(IsLaterFirst ? ^1 : 0);
                _next = IsLaterFirst ? _held.Count : 0;
            }

            return end.Task;
        }

        public void SweepStarted(SweepFolder folder, bool isResumed, SweepStandings standings)
        {
        }

        public void TrialStarted(Trial trial)
        {
        }

        public void TrialEnded(Trial trial, TrialEnd end, SweepStandings standings)
        {
            for (_next = Run.Count == standings.Plan.Trials ? _held.Count : _next; _next > 0; _next--)
            {
                Release(0);
            }
        }

        public void SweepEnded(SweepResult result)
        {
        }

        private void Release(Index index)
        {
            var (trial, end) = _held[index];
            _held.RemoveAt(index.GetOffset(_held.Count));
            end.SetResult(End(trial));
        }

        private TrialEnd End(Trial trial) => Objective(trial) is { } objective
            ? new(EndStatus.Done, $"run-{trial.Number}", objective, null, 1)
            : new(EndStatus.Failed, $"run-{trial.Number}", null, "stage 'lines': it broke", 1);
    }
}
