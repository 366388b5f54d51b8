using Experiments.Engine.Execution;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Tests.Execution;

public sealed class StageScheduleTests : IDisposable
{
    /// <summary>Two independent stages, and one that reads both.</summary>
    private const string Fork = """
        stages:
          a: { use: write-lines, with: { text: a }, run: { threads: 2 } }
          b: { use: write-lines, with: { text: b }, run: { threads: 2 } }
          both: { use: clean, inputs: { documents: [a, b] } }
        """;

    /// <summary>A worker that ends only when two workers are running at the same time.</summary>
    private const string Rendezvous = """
        grep -q '"use": "write-lines"' "$1/attempt.json" || exit 0
        touch "$shared/$$"
        for i in $(seq 300); do [ "$(ls "$shared" | wc -l)" = 2 ] && break; sleep 0.1; done
        [ "$(ls "$shared" | wc -l)" = 2 ]
        """;

    /// <summary>A worker that fails if another worker is running.</summary>
    private const string Alone = """
        mkdir "$shared/busy"
        sleep 0.05
        rmdir "$shared/busy"
        """;

    private readonly ScheduleBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task IndependentStagesRunSideBySide()
    {
        _bench.Worker = Rendezvous;

        var result = await _bench.RunAsync(Fork);

        result.ExitCode.ShouldBe(ExitCodes.Done, string.Join('\n', result.Stages.Select(stage => $"{stage.Stage.Name}: {stage.Outcome} {stage.Message} {stage.Detail}")));
    }

    [Theory]
    [InlineData(3, long.MaxValue, 4, "threads")]
    [InlineData(4, long.MaxValue, 1, "jobs")]
    [InlineData(4, 15_000_000_000, 4, "memory")]
    public async Task StagesThatDoNotFitTogetherRunOneAfterTheOther(int cores, long memory, int jobs, string what)
    {
        _bench.Worker = Alone;
        var recipe = Fork.Replace("threads: 2", "threads: 2, memory_gb: 10", StringComparison.Ordinal);

        (await _bench.RunAsync(recipe, new RunLimits(cores, memory, jobs, cores))).ExitCode.ShouldBe(ExitCodes.Done, what);
    }

    [Fact]
    public async Task AStageThatAsksForMoreThanThereIsRunsAlone()
    {
        _bench.Worker = Alone;
        var recipe = Fork.Replace("threads: 2", "threads: 64, memory_gb: 1000", StringComparison.Ordinal);

        (await _bench.RunAsync(recipe)).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task AFailedStageSkipsItsDependantsAndTheOthersGoOn()
    {
        _bench.Worker = "grep -q '\"text\": \"a\"' \"$1/attempt.json\" && exit 1 || true";
        var recipe = Fork + "\n  after: { use: clean, inputs: { documents: both } }\n  apart: { use: clean, inputs: { documents: b } }";

        var result = await _bench.RunAsync(recipe);

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        ScheduleBench.Names(result, StageOutcome.Failed).ShouldBe(["a"]);
        ScheduleBench.Names(result, StageOutcome.Skipped).ShouldBe(["both", "after"]);
        ScheduleBench.Names(result, StageOutcome.Made).ShouldBe(["b", "apart"]);
        result.Stages.First(stage => stage.Stage.Name == "both").Message.ShouldBe("'a' is not there");
    }

    [Theory]
    [InlineData("lines.txt")]
    [InlineData("metrics.jsonl")]
    [InlineData("artifact.json")]
    public async Task WhatAStageReadsIsMadeAgainFirstWhenAByteOfItWasFlipped(string file)
    {
        const string Recipe = "stages:\n  a: { use: write-lines }\n  b: { use: clean, inputs: { documents: a }, with: { workers: 2, steps: STEPS } }";
        await _bench.RunAsync(Recipe.Replace("STEPS", "[]", StringComparison.Ordinal));
        var folder = _bench.Store.All().First(artifact => artifact.Manifest.Plugin == "write-lines").Folder;
        Flip(Path.Combine(folder, file));

        var result = await _bench.RunAsync(Recipe.Replace("STEPS", "[nothing]", StringComparison.Ordinal));

        ScheduleBench.Names(result, StageOutcome.Made).ShouldBe(["a", "b"], file);
        _bench.Warnings.ShouldHaveSingleItem().ShouldContain("set aside as");
        Directory.Exists(folder + ".bad").ShouldBeTrue();
        _bench.Store.Verify().ShouldBe((3, 0));
    }

    [Fact]
    public async Task AForcedStageIsMadeAgainAndItsDependantsAreFoundWhenItsBytesAreTheSame()
    {
        await _bench.RunAsync(Fork);

        var result = await _bench.RunAsync(Fork, force: "a");

        ScheduleBench.Names(result, StageOutcome.Made).ShouldBe(["a"]);
        ScheduleBench.Names(result, StageOutcome.Found).ShouldBe(["b", "both"]);
    }

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan()[^(bytes.Length / 2 + 1)..][..1][0] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
