using Experiments.Engine.Workers.Local;
using Microsoft.Extensions.Time.Testing;

namespace Experiments.Engine.Tests.Workers.Local;

public sealed class LifelineTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact(Timeout = 60_000)]
    public async Task TheEndOfTheInputInterruptsAndAProcessThatGoesOnIsEnded()
    {
        using var interruption = new CancellationTokenSource();
        var interrupted = Of(interruption);
        Lifeline.Watch(Stream.Null, interruption, _time, _ended.SetResult);

        await interrupted;
        _ended.Task.IsCompleted.ShouldBeFalse();
        _time.Advance(Lifeline.Grace);

        await _ended.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task AStageWhoseOwnCallbackFailsIsEndedToo()
    {
        using var interruption = new CancellationTokenSource();
        var interrupted = Of(interruption);
        interruption.Token.Register(() => throw new InvalidOperationException("the stage's own"));
        Lifeline.Watch(Stream.Null, interruption, _time, _ended.SetResult);

        await interrupted;
        _time.Advance(Lifeline.Grace);

        await _ended.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task AnInterruptionBeforeDoesNotCutTheLifeline()
    {
        using var interruption = new CancellationTokenSource();
        await interruption.CancelAsync();
        Lifeline.Watch(Stream.Null, interruption, _time, _ended.SetResult);

        while (!_ended.Task.IsCompleted)
        {
            _time.Advance(Lifeline.Grace); // the thread may not have begun to wait yet
            await Task.Yield();
        }
    }

    private static Task Of(CancellationTokenSource interruption)
    {
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        interruption.Token.Register(interrupted.SetResult);
        return interrupted.Task;
    }
}
