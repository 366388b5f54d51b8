using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Workers;
using Microsoft.Extensions.Time.Testing;

namespace Experiments.Engine.Tests.Workers;

public sealed class AttemptCheckpointsTests : TemporaryFolder
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void ACheckpointIsDueWhenItsTimeHasCome()
    {
        using var channel = Channel();
        var checkpoints = Open("a", channel, CancellationToken.None);
        Step(checkpoints, 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        Step(checkpoints, 2);
        Step(checkpoints, 3);

        Newest("a")!.Step.ShouldBe(2);
    }

    [Fact]
    public void AnInterruptionSavesAndThrows()
    {
        using var interruption = new CancellationTokenSource();
        using var channel = Channel();
        var checkpoints = Open("a", channel, interruption.Token);
        Step(checkpoints, 1);
        interruption.Cancel();

        Should.Throw<OperationCanceledException>(() => Step(checkpoints, 2));

        Newest("a")!.Step.ShouldBe(2);
    }

    [Fact]
    public void ADamagedCheckpointIsPassedOverForTheOneBefore()
    {
        using var channel = Channel();
        var checkpoints = Open("a", channel, CancellationToken.None);
        foreach (var step in (int[])[1, 2])
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Step(checkpoints, step);
        }

        File.WriteAllText(Path.Combine(Newest("a")!.Folder, "state"), "?");

        Newest("a")!.Step.ShouldBe(1);
    }

    [Fact]
    public void MetricsBehindTheCheckpointAreForgotten()
    {
        using (var channel = Channel())
        {
            var checkpoints = Open("a", channel, CancellationToken.None);
            channel.Log("loss", 3, 1);
            _time.Advance(TimeSpan.FromMinutes(1));
            Step(checkpoints, 1);
            channel.Log("loss", 2, 2);
        }

        using var second = Channel();
        Open("b", second, CancellationToken.None).Latest!.Step.ShouldBe(1);
        second.Log("loss", 2.5, 2);
        second.FlushMetrics();

        File.ReadAllLines(AttemptFolder.Metrics(Attempt("b"))).Length.ShouldBe(2);
        File.ReadAllText(AttemptFolder.Metrics(Attempt("b"))).ShouldContain("2.5");
    }

    [Fact]
    public void OnlyTheNewestAreKept()
    {
        using var channel = Channel();
        var checkpoints = Open("a", channel, CancellationToken.None);
        for (var step = 1; step <= 5; step++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Step(checkpoints, step);
        }

        Directory.GetDirectories(AttemptFolder.Checkpoints(Attempt("a"))).Select(Path.GetFileName).Order().ShouldBe(["step-000000000004", "step-000000000005"]);
    }

    [Fact]
    public void TheNewestStepCountsAndNotTheNewestAttempt()
    {
        using var channel = Channel();
        Save("a", channel, 5);
        using var second = Channel();
        Save("b", second, 3);

        CheckpointSearch.Newest([Attempt("a"), Attempt("b")])!.Checkpoint.Step.ShouldBe(5);
    }

    [Fact]
    public void ACheckpointWhoseMetricsAreLostIsPassedOverForTheOneBefore()
    {
        using (var channel = Channel())
        {
            var checkpoints = Open("a", channel, CancellationToken.None);
            foreach (var step in (int[])[1, 2])
            {
                channel.Log("loss", 3, step);
                _time.Advance(TimeSpan.FromMinutes(1));
                Step(checkpoints, step);
            }
        }

        var metrics = AttemptFolder.Metrics(Attempt("a"));
        File.WriteAllBytes(metrics, File.ReadAllBytes(metrics)[..^1]);

        Newest("a")!.Step.ShouldBe(1);
    }

    [Fact]
    public void ACheckpointThatWasBeingWrittenIsNotOneOfThoseKept()
    {
        using var channel = Channel();
        const string Unfinished = "step-000000000009-1.tmp";
        var folder = AttemptFolder.Checkpoints(Attempt("a"));
        Directory.CreateDirectory(Path.Combine(folder, Unfinished));

        Save("a", channel, 1, 2);

        Newest("a")!.Step.ShouldBe(2);
        Directory.GetDirectories(folder).Select(Path.GetFileName).Order()
            .ShouldBe(["step-000000000001", "step-000000000002", Unfinished]);
    }

    [Theory]
    [InlineData("\"value\":3", "\"value\":4")]
    [InlineData("\"value\":3", "?value?:3")]
    [InlineData("loss", "l\0ss")]
    public void ACheckpointWhoseMetricsWereAlteredIsPassedOverAndNamed(string old, string altered)
    {
        using (var channel = Channel())
        {
            var checkpoints = Open("a", channel, CancellationToken.None);
            foreach (var step in (int[])[2, 3])
            {
                channel.Log("loss", step, step);
                _time.Advance(TimeSpan.FromMinutes(1));
                Step(checkpoints, step);
            }
        }

        var metrics = AttemptFolder.Metrics(Attempt("a"));
        var lines = File.ReadAllLines(metrics);
        lines[1] = lines[1].Replace(old, altered, StringComparison.Ordinal);
        File.WriteAllText(metrics, string.Join('\n', lines) + "\n");

        var said = new StringWriter();
        using var second = new WorkerChannel(said, _time);
        Open("b", second, CancellationToken.None).Latest!.Step.ShouldBe(2);

        second.FlushMetrics();
        said.ToString().ShouldContain("step-000000000003 is damaged and left out");
        File.ReadAllText(AttemptFolder.Metrics(Attempt("b"))).ShouldBe(lines[0] + "\n");
    }

    [Fact]
    public void WithoutAnIntactCheckpointTheStageStartsFromItsBeginningAndSaysSo()
    {
        using (var channel = Channel())
        {
            channel.Log("loss", 1, 1);
            Save("a", channel, 1);
        }

        File.WriteAllText(Path.Combine(Newest("a")!.Folder, "seal.json"), "{}");
        var said = new StringWriter();
        using var second = new WorkerChannel(said, _time);

        Open("b", second, CancellationToken.None).Latest.ShouldBeNull();

        said.ToString().ShouldContain("no checkpoint is intact, so the stage starts from its beginning");
    }

    [Fact]
    public void ACheckpointOfOtherCodeIsUsedWithAWarningAndBothAreRecorded()
    {
        WorkCode.Write(Directory.CreateDirectory(Attempt("a")).FullName, [Code("1")]);
        WorkCode.Write(Directory.CreateDirectory(Attempt("b")).FullName, [Code("2")]);
        WorkCode.Write(Directory.CreateDirectory(Attempt("c")).FullName, [Code("2")]);
        using (var channel = Channel())
        {
            Save("a", channel, 1);
        }

        var said = new StringWriter();
        using var second = new WorkerChannel(said, _time);
        Save("b", second, 2);
        said.ToString().ShouldContain("goes on from the checkpoint at step 1, which different code of demo made; --fresh starts again without it");

        using var third = Channel();
        Open("c", third, CancellationToken.None, "b").Latest!.Step.ShouldBe(2);
        WorkCode.Read(Attempt("c")).Select(code => code.Digest).ShouldBe(["2", "1"]); // through the checkpoint of 'b', which went on from that of 'a'
    }

    [Fact]
    public void TheSameCodeGoesOnWithoutAWord()
    {
        WorkCode.Write(Directory.CreateDirectory(Attempt("a")).FullName, [Code("1")]);
        WorkCode.Write(Directory.CreateDirectory(Attempt("b")).FullName, [Code("1")]);
        using (var channel = Channel())
        {
            Save("a", channel, 1);
        }

        var said = new StringWriter();
        using var second = new WorkerChannel(said, _time);
        Open("b", second, CancellationToken.None).Latest!.Step.ShouldBe(1);

        said.ToString().ShouldNotContain("warning");
        WorkCode.Read(Attempt("b")).ShouldHaveSingleItem().Digest.ShouldBe("1");
    }

    [Fact]
    public void IgnoredWorkIsNotFoundAgain()
    {
        using (var channel = Channel())
        {
            Save("a", channel, 1);
        }

        AttemptFolder.IgnoreEarlierWork(Attempt("b"), [Attempt("a")]);

        Newest("a").ShouldBeNull();
    }

    private static PluginCode Code(string digest) => new("stage", "demo", digest, new Dictionary<string, string>());

    private void Save(string attempt, WorkerChannel channel, params int[] steps)
    {
        var checkpoints = Open(attempt, channel, CancellationToken.None);
        foreach (var step in steps)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Step(checkpoints, step);
        }
    }

    private static void Step(ICheckpoints checkpoints, long step) =>
        checkpoints.SaveIfDue(step, folder => File.WriteAllText(Path.Combine(folder, "state"), $"state {step}"));

    private string Attempt(string name) => Path.Combine(Folder, name);

    private StoredCheckpoint? Newest(string attempt) => CheckpointSearch.Newest([Attempt(attempt)])?.Checkpoint;

    private WorkerChannel Channel() => new(TextWriter.Null, _time);

    private AttemptCheckpoints Open(string attempt, WorkerChannel channel, CancellationToken interruption, string earlier = "a") => new(
        Attempt(attempt),
        new AttemptDescription
        {
            Plugin = "demo",
            Options = default,
            Inputs = [],
            Seed = 1,
            Run = new RunSettings { Threads = 1 },
            EarlierAttempts = [Attempt(earlier)],
        },
        channel,
        _time,
        interruption);
}
