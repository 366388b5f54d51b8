using Experiments.Contracts.Running;
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

        AttemptCheckpoints.Newest([Attempt("a"), Attempt("b")])!.Value.Checkpoint.Step.ShouldBe(5);
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

    private StoredCheckpoint? Newest(string attempt) => AttemptCheckpoints.Newest([Attempt(attempt)])?.Checkpoint;

    private WorkerChannel Channel() => new(TextWriter.Null, _time);

    private AttemptCheckpoints Open(string attempt, WorkerChannel channel, CancellationToken interruption) => new(
        Attempt(attempt),
        new AttemptDescription
        {
            Plugin = "demo",
            Options = default,
            Inputs = [],
            Seed = 1,
            Run = new RunSettings { Threads = 1 },
            EarlierAttempts = [Attempt("a"), Attempt(attempt)],
        },
        channel,
        _time,
        interruption);
}
