using Experiments.Contracts.Running;

namespace Experiments.Engine.Workers;

/// <summary>
/// Runs workers, on this machine or elsewhere: another place than this machine needs only another implementation.
/// Thread-safe for several orders at once.
/// </summary>
/// <remarks>
/// Everything that depends on the place belongs in the implementation: how a worker starts, how it is asked to save and
/// stop, how it learns that the host died, and how many cores and how much memory there are. Failure rule: a worker
/// that fails or dies is a <see cref="WorkerEnd"/>, not an exception. A stage is done only when its worker said so
/// (<see cref="Finished"/>): an exit code of 0 alone is a failure.
/// </remarks>
public interface IWorkerLauncher
{
    /// <summary>The cores and the memory for all workers together.</summary>
    LauncherCapacity Capacity { get; }

    /// <summary>Runs an order to its end.</summary>
    /// <param name="order">What to run.</param>
    /// <param name="onEvent">Receives each event of each worker, from several threads. If it throws, the workers are
    /// asked to save and stop, and the exception is rethrown when they ended.</param>
    /// <param name="interruption">Asks the workers to save and stop.</param>
    /// <returns>How the worker ended. With several workers, the end of the first that failed, or else of the one with
    /// the highest peak memory.</returns>
    Task<WorkerEnd> RunAsync(WorkerOrder order, Action<WorkerEvent> onEvent, CancellationToken interruption);
}

/// <summary>The resources of a launcher.</summary>
/// <param name="Cores">Number of processor threads.</param>
/// <param name="Memory">Memory. Unit: bytes.</param>
public sealed record LauncherCapacity(int Cores, long Memory);

/// <summary>What a launcher is asked to run: an attempt at a stage by one worker, or its pieces by several.</summary>
/// <param name="AttemptFolder">The folder with the attempt's description. The workers must be able to access
/// it.</param>
/// <param name="Threads">Number of processor threads of each worker.</param>
/// <param name="PieceWorkers">Number of workers that only share the pieces of the stage's work; null for one worker
/// that runs the whole stage.</param>
public sealed record WorkerOrder(string AttemptFolder, int Threads, int? PieceWorkers = null);

/// <summary>How a worker ended.</summary>
/// <param name="Status">Whether the stage is done, failed, or was interrupted.</param>
/// <param name="Output">What the worker said when the stage was done; null unless it is.</param>
/// <param name="Failure">The failure that it reported, or one derived from its exit code; null unless it
/// failed.</param>
public sealed record WorkerEnd(EndStatus Status, Finished? Output, Failed? Failure);
