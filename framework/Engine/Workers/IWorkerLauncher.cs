namespace Experiments.Engine.Workers;

/// <summary>Where workers run: the seam at which another place than this machine comes in. Safe for several orders at once.</summary>
/// <remarks>
/// Everything that depends on the place belongs in the implementation: how a worker starts, how it is asked to save and stop, how it learns that the
/// host died, and how much of the place there is to share. Failure rule: a worker that fails or dies is a <see cref="WorkerEnd"/>, not an exception.
/// </remarks>
public interface IWorkerLauncher
{
    /// <summary>What all workers together may take of the place.</summary>
    LauncherCapacity Capacity { get; }

    /// <summary>Runs an order to its end.</summary>
    /// <param name="order">What to run.</param>
    /// <param name="onEvent">Hears each event of each worker, from several threads. If it throws, the workers are asked to save and stop, and the exception is thrown once they ended.</param>
    /// <param name="interruption">Asks the workers to save and stop.</param>
    /// <returns>How the worker ended; of several, the first that failed, or else the one that needed most memory.</returns>
    Task<WorkerEnd> RunAsync(WorkerOrder order, Action<WorkerEvent> onEvent, CancellationToken interruption);
}

/// <summary>What a launcher has to share.</summary>
/// <param name="Cores">Processor threads.</param>
/// <param name="Memory">Memory. Unit: bytes.</param>
public sealed record LauncherCapacity(int Cores, long Memory);

/// <summary>What a launcher is asked to run: an attempt at a stage by one worker, or its pieces by several.</summary>
/// <param name="AttemptFolder">Holds the attempt's description; visible from where the workers run.</param>
/// <param name="Threads">Processor threads of each worker.</param>
/// <param name="PieceWorkers">Workers that share the pieces of the stage's work and do nothing else; null for one worker that runs the whole stage.</param>
public sealed record WorkerOrder(string AttemptFolder, int Threads, int? PieceWorkers = null);

/// <summary>How a worker ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Failure">What it said about its failure, or what follows from a death without a word; null unless it failed.</param>
/// <param name="PeakMemory">The most memory that it held, in bytes; 0 when it could not say.</param>
public sealed record WorkerEnd(int ExitCode, Failed? Failure, long PeakMemory);
