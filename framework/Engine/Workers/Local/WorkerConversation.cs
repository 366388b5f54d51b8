using System.Runtime.ExceptionServices;
using Experiments.Contracts.Running;

namespace Experiments.Engine.Workers.Local;

/// <summary>
/// What a worker says from its start to its end. Only its last word tells how the stage ended. A worker that says it has
/// a short time to exit.
/// </summary>
/// <param name="process">The worker. It calls the methods one at a time.</param>
/// <param name="onEvent">Receives each event except for the last word.</param>
/// <param name="time">The clock.</param>
internal sealed class WorkerConversation(ChildProcess process, Action<WorkerEvent> onEvent, TimeProvider time) : IAsyncDisposable
{
    private readonly ITimer _grace = time.CreateTimer(_ => process.Kill(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    private LastWord? _word;
    private ExceptionDispatchInfo? _deafness;

    /// <summary>Takes a line of standard output: an event, or what a library printed.</summary>
    public void HearOutput(string line, bool isCut)
    {
        if (_word is not null)
        {
            return;
        }

        if (isCut)
        {
            _word = new Failed(
                IsTransient: false,
                $"The worker wrote a line of more than {ChildProcess.LongestOutput >> 20} MiB, which is no event of a stage, and was ended. Write large output into files of the output folder.",
                $"The line begins: {line[..Math.Min(line.Length, 200)]}");
            process.Kill();
            return;
        }

        switch (WorkerEvent.Parse(line))
        {
            case LastWord word:
                _word = word;
                _grace.Change(LocalLauncher.Grace, Timeout.InfiniteTimeSpan);
                break;
            case var message:
                Hear(message ?? new Logged(IsWarning: false, line));
                break;
        }
    }

    /// <summary>Takes a line of standard error.</summary>
    public void HearError(string line) => Hear(new Logged(IsWarning: false, line));

    /// <summary>How the worker ended.</summary>
    /// <param name="exitCode">Its exit code. After a last word it means nothing: a native library may still crash while
    /// it is unloaded.</param>
    /// <param name="wasInterrupted">Whether the worker was asked to stop. It may have died before it could say
    /// so.</param>
    public WorkerEnd End(int exitCode, bool wasInterrupted)
    {
        _deafness?.Throw();
        return _word switch
        {
            Finished finished => new WorkerEnd(EndStatus.Done, finished, Failure: null),
            Failed failed => new WorkerEnd(EndStatus.Failed, Output: null, failed),
            Stopped => new WorkerEnd(EndStatus.Interrupted, Output: null, Failure: null),
            _ when wasInterrupted => new WorkerEnd(EndStatus.Interrupted, Output: null, Failure: null),
            _ => new WorkerEnd(EndStatus.Failed, Output: null, new Failed(IsTransient: false, ChildProcess.Obituary(exitCode), process.LastErrors)),
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _grace.DisposeAsync();

    // If the observer throws, for example because the disk is full, ask the worker to save and stop, read the rest of its output, and rethrow at the end.
    private void Hear(WorkerEvent message)
    {
        try
        {
            if (_deafness is null)
            {
                onEvent(message);
            }
        }
        catch (Exception problem)
        {
            _deafness = ExceptionDispatchInfo.Capture(problem);
            process.SendTerminate();
        }
    }
}
