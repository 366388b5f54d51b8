using Experiments.Engine.Tracking;
using Microsoft.Extensions.Time.Testing;

namespace Experiments.Engine.Tests.Tracking;

public sealed class SystemSamplingTests : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly TrackingBench _bench = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly PretendMachine _machine;

    public SystemSamplingTests()
    {
        _machine = new PretendMachine(_bench.Folder);
        _machine.Write();
    }

    [Fact]
    public async Task EachPauseGivesASampleAndAResumedRunGoesOnWithTheNextStep()
    {
        await SampleAsync(3);
        await SampleAsync(2);

        var steps = Points().Where(point => point.Name == "system/system_memory_usage_percentage").Select(point => point.Step);
        steps.ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task ASampleThatFailsIsSaidAndTheNextIsTaken()
    {
        _machine.Break();
        var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var journal = _bench.Open();
        using var sampling = new SystemSampling(journal, _machine.Metrics(), Every, _time, text => said.TrySetResult(text));
        sampling.Start("r");
        (await said.Task.WaitAsync(TestContext.Current.CancellationToken)).ShouldMatch("^tracking: a sample of the system metrics is left out .*the run continues");
        _machine.Write();

        await AdvanceAsync(journal);

        Points().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task NothingIsRecordedOnceItIsStopped()
    {
        using var journal = _bench.Open();
        using var other = new SystemSampling(journal, _machine.Metrics(), Every, _time, _bench.Warnings.Enqueue);
        var sampling = new SystemSampling(journal, _machine.Metrics(), Every, _time, _bench.Warnings.Enqueue);
        sampling.Start("r");
        await AdvanceAsync(journal);
        sampling.Dispose();
        other.Start("s");
        for (var i = 0; i < 5; i++)
        {
            await AdvanceAsync(journal);
        }

        Lines().Select(line => line.Run).ShouldBe(["r", "s", "s", "s", "s", "s"]);
    }

    public void Dispose() => _bench.Dispose();

    private async Task SampleAsync(int samples)
    {
        using var journal = _bench.Open();
        using var sampling = new SystemSampling(journal, _machine.Metrics(), Every, _time, _bench.Warnings.Enqueue);
        sampling.Start("r");
        for (var i = 0; i < samples; i++)
        {
            await AdvanceAsync(journal);
        }
    }

    private async Task AdvanceAsync(TrackingJournal journal)
    {
        var recorded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Recorded() => recorded.TrySetResult();
        journal.Appended += Recorded;
        _time.Advance(Every);
        await recorded.Task.WaitAsync(TestContext.Current.CancellationToken);
        journal.Appended -= Recorded;
    }

    private IEnumerable<MetricsLogged> Lines() => TrackingLines.Read(_bench.JournalPath, 0).Select(line => line.Entry).Cast<MetricsLogged>();

    private List<TrackedPoint> Points() => [.. Lines().SelectMany(line => line.Points)];
}
