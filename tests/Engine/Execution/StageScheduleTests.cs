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

    /// <summary>Two workers meet at a pipe, which opens for one only when the other opens it too; the first to come makes it.</summary>
    private const string Rendezvous = """
        grep -q '"use": "write-lines"' "$1/attempt.json" || exit 0
        if mkfifo "$shared/pipe" 2>/dev/null; then timeout 60 cat "$shared/pipe"; else echo >"$shared/pipe"; fi
        """;

    private static readonly string[] OneAfterTheOther = ["a begins", "a ends", "b begins", "b ends", "both begins", "both ends"];

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
        var recipe = Fork.Replace("threads: 2", "threads: 2, memory_gb: 10", StringComparison.Ordinal);

        (await _bench.RunAsync(recipe, new RunLimits(cores, memory, jobs, cores))).ExitCode.ShouldBe(ExitCodes.Done, what);
        _bench.Events.ShouldBe(OneAfterTheOther);
    }

    [Fact]
    public async Task AStageThatAsksForMoreThanThereIsRunsAlone()
    {
        var recipe = Fork.Replace("threads: 2", "threads: 64, memory_gb: 1000", StringComparison.Ordinal);

        (await _bench.RunAsync(recipe)).ExitCode.ShouldBe(ExitCodes.Done);
        _bench.Events.ShouldBe(OneAfterTheOther);
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
        result.Stages.First(stage => stage.Stage.Name == "both").Message.ShouldBe("'a' has no artifact");
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
    public async Task AnArtifactWithAFolderInPlaceOfItsManifestIsSetAsideAndMadeAgain()
    {
        await _bench.RunAsync(Fork);
        var artifact = _bench.Store.All().First(artifact => artifact.Manifest.Plugin == "write-lines").Folder;
        var manifest = Path.Combine(artifact, "artifact.json");
        File.Delete(manifest);
        Directory.CreateDirectory(manifest); // reading it is refused, also for root

        var result = await _bench.RunAsync(Fork);

        ScheduleBench.Names(result, StageOutcome.Made).ShouldHaveSingleItem();
        ScheduleBench.Names(result, StageOutcome.Failed).ShouldBeEmpty();
        Directory.Exists(artifact + ".bad").ShouldBeTrue();
    }

    [Theory]
    [InlineData("trap - EXIT", "exit code 0, but never said how the stage ended")]
    [InlineData("trap 'finish $?; echo more >> \"$output/lines.txt\"' EXIT", "'lines.txt' had 5 bytes and has 10")]
    [InlineData("trap 'finish $?; rm \"$output/lines.txt\"' EXIT", "'lines.txt' is gone")]
    [InlineData("trap 'finish $?; touch \"$output/new\"' EXIT", "'new' is new")]
    [InlineData("trap 'finish $?; echo x >> \"$output/metrics.jsonl\"' EXIT", "bytes of metrics")]
    [InlineData("trap 'finish $?; rm -r \"$output\"' EXIT", "is gone")]
    [InlineData("rm -r \"$output\"; mkfifo \"$output\"; trap - EXIT; echo '{\"event\":\"finished\",\"peak_memory\":0,\"parts\":[],\"metrics_length\":0}'", "it named no Documents")]
    public async Task WhatDiffersFromTheWorkersWordIsNotCommitted(string worker, string message)
    {
        _bench.Worker = worker;

        var result = await _bench.RunAsync("stages:\n  a: { use: write-lines }");

        result.Stages[0].Outcome.ShouldBe(StageOutcome.Failed);
        result.Stages[0].Message.ShouldNotBeNull().ShouldContain(message);
        _bench.Store.All().ShouldBeEmpty();
    }

    [Fact]
    public async Task ARetryHasAFolderOfItsOwnAndCanResumeFromTheTryBefore()
    {
        _bench.Time = new HastyTime();
        _bench.Worker = """
            if mkdir "$shared/tried" 2>/dev/null; then
              echo '{"event":"failed","is_transient":true,"message":"again","detail":""}'
              exit 1
            fi
            grep -A 1 '"earlier_attempts"' "$1/attempt.json" | tail -n 1 | tr -d ' ",' > "$shared/earlier"
            cp "$(cat "$shared/earlier")/output/metrics.jsonl" "$shared/metrics.jsonl"
            """;

        var result = await _bench.RunAsync("stages:\n  a: { use: write-lines }");

        result.ExitCode.ShouldBe(ExitCodes.Done, result.Stages[0].Message);
        (await File.ReadAllTextAsync(Path.Combine(_bench.Shared, "metrics.jsonl"), TestContext.Current.CancellationToken)).ShouldContain("lines");
    }

    [Fact]
    public async Task AForcedStageIsMadeAgainAndItsDependantsAreFoundWhenItsBytesAreTheSame()
    {
        await _bench.RunAsync(Fork);

        var result = await _bench.RunAsync(Fork, force: "a");

        ScheduleBench.Names(result, StageOutcome.Made).ShouldBe(["a"]);
        ScheduleBench.Names(result, StageOutcome.Found).ShouldBe(["b", "both"]);
    }

    [Fact]
    public async Task AStageIsPlannedAnewWhenWhatItReadsWasMadeAgainWithOtherBytes()
    {
        const string Recipe = "stages:\n  a: { use: write-lines }\n  b: { use: clean, inputs: { documents: a }, with: { steps: STEPS } }";
        await _bench.RunAsync(Recipe.Replace("STEPS", "[]", StringComparison.Ordinal));
        Flip(Path.Combine(_bench.Store.All().First(artifact => artifact.Manifest.Plugin == "write-lines").Folder, "lines.txt"));
        _bench.Worker = "echo other > \"$1/output/lines.txt\"";

        var result = await _bench.RunAsync(Recipe.Replace("STEPS", "[nothing]", StringComparison.Ordinal));

        DigestRead(result.Stages[1]).ShouldBe(result.Stages[0].Artifact!.DigestOf(""));
    }

    [Fact]
    public async Task AllStagesThatReadWhatWasMadeAgainArePlannedAnew()
    {
        const string Recipe = """
            stages:
              a: { use: write-lines }
              b: { use: clean, inputs: { documents: a }, with: { steps: STEPS } }
              c: { use: clean, inputs: { documents: a }, with: { steps: STEPS, time_limit: 1s } }
            """;
        await _bench.RunAsync(Recipe.Replace("STEPS", "[]", StringComparison.Ordinal));
        var damaged = _bench.Store.All().First(artifact => artifact.Manifest.Plugin == "write-lines");
        Flip(Path.Combine(damaged.Folder, "lines.txt"));
        _bench.Worker = "echo other > \"$1/output/lines.txt\"";

        var oneAfterTheOther = new RunLimits(4, long.MaxValue, Jobs: 1, 4);
        var result = await _bench.RunAsync(Recipe.Replace("STEPS", "[nothing]", StringComparison.Ordinal), oneAfterTheOther);

        var digest = result.Stages[0].Artifact!.DigestOf("");
        digest.ShouldNotBe(damaged.DigestOf(""));
        result.Stages.Skip(1).Select(DigestRead).ShouldBe([digest, digest]);
    }

    [Fact]
    public async Task AScheduleThatFailsItselfLeavesNoWorkerRunning()
    {
        // The worker of 'b' waits; that of 'a' ends as soon as it does.
        _bench.Worker = """
            if grep -q '"text": "a"' "$1/attempt.json"; then
              until [ -e "$shared/waiting" ]; do sleep 0.05; done
              exit 0
            fi
            trap 'touch "$shared/stopped"; exit 75' TERM
            touch "$shared/waiting"
            for i in $(seq 300); do sleep 0.1; done
            """;
        _bench.OnStageEnded = _ => throw new InvalidOperationException("the observer failed");

        await Should.ThrowAsync<InvalidOperationException>(() => _bench.RunAsync(Fork));

        File.Exists(Path.Combine(_bench.Shared, "stopped")).ShouldBeTrue();
    }

    /// <summary>The digest of the documents that a stage read, as its key holds it.</summary>
    private static string DigestRead(StageRun stage) =>
        stage.Artifact!.Manifest.Identity["inputs"]!["documents"]![0]!.GetValue<string>();

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan()[^(bytes.Length / 2 + 1)..][..1][0] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
