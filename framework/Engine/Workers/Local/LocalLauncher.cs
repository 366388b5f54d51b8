using System.Runtime.ExceptionServices;

namespace Experiments.Engine.Workers.Local;

/// <summary>Runs workers as child processes on this machine.</summary>
/// <param name="command">How to start a worker.</param>
public sealed class LocalLauncher(OwnCommand command) : IWorkerLauncher
{
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
        return ends.FirstOrDefault(end => end.ExitCode != ExitCodes.Done) ?? ends.MaxBy(end => end.PeakMemory)!;
    }

    private async Task<WorkerEnd> RunOneAsync(WorkerOrder order, IReadOnlyList<string> arguments, Action<WorkerEvent> onEvent, CancellationToken interruption)
    {
        using var process = ChildProcess.Start(command, [order.AttemptFolder, Lifeline.Option, .. arguments], WorkerEnvironment.Of(order.Threads));
        await using var registration = interruption.Register(process.SendTerminate);
        Failed? failure = null;
        var peakMemory = 0L;
        ExceptionDispatchInfo? deafness = null;
        var exitCode = await process.ReadToEndAsync(HearOutput, line => Hear(new Logged(IsWarning: false, line))).ConfigureAwait(false);
        if (failure is null && exitCode is not (ExitCodes.Done or ExitCodes.Interrupted))
        {
            failure = new Failed(IsTransient: false, ChildProcess.Obituary(exitCode), process.LastErrors);
        }

        deafness?.Throw();
        return new WorkerEnd(exitCode, failure, peakMemory);

        void HearOutput(string line)
        {
            switch (WorkerEvent.Parse(line))
            {
                case Failed failed:
                    failure = failed;
                    break;
                case Used used:
                    peakMemory = used.PeakMemory;
                    break;
                case var message:
                    Hear(message ?? new Logged(IsWarning: false, line));
                    break;
            }
        }

        // If the observer throws, for example because the disk is full, ask the worker to save and stop, read the rest of its output, and rethrow at the end.
        void Hear(WorkerEvent message)
        {
            try
            {
                if (deafness is null)
                {
                    onEvent(message);
                }
            }
            catch (Exception problem)
            {
                deafness = ExceptionDispatchInfo.Capture(problem);
                process.SendTerminate();
            }
        }
    }
}
