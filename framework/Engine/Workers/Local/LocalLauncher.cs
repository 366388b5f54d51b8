using Experiments.Contracts.Running;

namespace Experiments.Engine.Workers.Local;

/// <summary>Runs workers as child processes on this machine.</summary>
/// <param name="command">How to start a worker.</param>
/// <param name="time">The clock.</param>
public sealed class LocalLauncher(OwnCommand command, TimeProvider time) : IWorkerLauncher
{
    /// <summary>How long a worker may take to exit after its last word. Then it is ended, and its word counts.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>The whole machine, or the limits of this container.</summary>
    public LauncherCapacity Capacity { get; } = new(Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <inheritdoc/>
    public async Task<WorkerEnd> RunAsync(WorkerOrder order, Action<WorkerEvent> onEvent, CancellationToken interruption)
    {
        if (order.PieceWorkers is not { } count)
        {
            return await RunOneAsync(order, [], onEvent, interruption).ConfigureAwait(false);
        }

        var ends = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => RunOneAsync(order, [WorkerArguments.OnlyPieces], onEvent, interruption))).ConfigureAwait(false);
        return ends.FirstOrDefault(end => end.Status != EndStatus.Done) ?? ends.MaxBy(end => end.Output!.PeakMemory)!;
    }

    private async Task<WorkerEnd> RunOneAsync(WorkerOrder order, IReadOnlyList<string> arguments, Action<WorkerEvent> onEvent, CancellationToken interruption)
    {
        using var process = ChildProcess.Start(command, [order.AttemptFolder, Lifeline.Option, .. arguments], WorkerEnvironment.Of(order.Threads), time);
        await using var registration = interruption.Register(process.SendTerminate);
        await using var conversation = new WorkerConversation(process, onEvent, time);
        var exitCode = await process.ReadToEndAsync(conversation.HearOutput, conversation.HearError).ConfigureAwait(false);
        return conversation.End(exitCode, interruption.IsCancellationRequested);
    }
}
