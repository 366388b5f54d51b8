using Experiments.Engine.Planning;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Runs;

namespace Experiments.Engine.Tests.Planning;

public sealed class PlanEstimateTests : IDisposable
{
    private readonly PretendRuns _runs = new();

    [Fact]
    public void TheNearestOptionsGiveTheTime()
    {
        Took("100", seconds: 3);
        Took("1000", seconds: 30);

        var estimate = Estimate("stages: { lines: { use: write-lines, with: { count: 900 } } }");

        estimate.Total.ShouldBe(TimeSpan.FromSeconds(30));
        estimate.Stages["lines"]!.Changes.ShouldHaveSingleItem().ToString().ShouldBe("with.count: 1000 -> 900");
    }

    [Fact]
    public void WhatNeverRanIsNamedAndNotGuessed()
    {
        Took("100", seconds: 3);

        var estimate = Estimate("""
            stages:
              lines: { use: write-lines, with: { count: 101 } }
              parts: { use: split, inputs: { documents: lines } }
            """);

        estimate.Total.ShouldBe(TimeSpan.FromSeconds(3));
        estimate.Unknown.ShouldBe(["parts"]);
    }

    [Fact]
    public void AStageInTheStoreTakesNoTime()
    {
        var recipe = _runs.Bench.Read("stages: { lines: { use: write-lines } }");
        _runs.Run(recipe);

        PlanEstimate.Of(_runs.Plan(recipe), new StageTimes(_runs.Store, _runs.History(recipe))).Stages.ShouldBeEmpty();
    }

    [Fact]
    public void ARunWhoseArtifactIsGoneStillGivesTheTime()
    {
        var recipe = _runs.Bench.Read("stages: { lines: { use: write-lines } }");
        _runs.Run(recipe);
        Directory.Delete(_runs.Store.Root, recursive: true);

        PlanEstimate.Of(_runs.Plan(recipe), new StageTimes(_runs.Store, _runs.History(recipe))).Total.ShouldBe(TimeSpan.FromSeconds(10));
    }

    public void Dispose() => _runs.Dispose();

    private PlanEstimate Estimate(string recipe)
    {
        var read = _runs.Bench.Read(recipe);
        return PlanEstimate.Of(_runs.Plan(read), new StageTimes(_runs.Store, _runs.History(read)));
    }

    /// <summary>Makes an artifact of another recipe whose stage took the given time.</summary>
    private void Took(string count, double seconds)
    {
        var run = _runs.Run(_runs.Bench.Read($"{{ name: other, stages: {{ lines: {{ use: write-lines, with: {{ count: {count} }} }} }} }}"));
        var key = (string)run.ReadJournal().First(entry => (string?)entry["event"] == RunEvents.StageDone)["key"]!;
        var artifact = _runs.Store.Find("write-lines", key)!;
        File.WriteAllText(Path.Combine(artifact.Folder, "artifact.json"), (artifact.Manifest with { Seconds = seconds }).ToJson());
    }
}
