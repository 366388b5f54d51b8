using System.Globalization;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>
/// The checkpoints of one attempt. Each is a folder <c>step-000000000120</c>, which gets its name by one rename after
/// all its bytes are on the disk. If a checkpoint is damaged, the one before it is used, from this attempt or from an
/// earlier one at the same key.
/// </summary>
public sealed class AttemptCheckpoints : ICheckpoints
{
    private readonly string _folder;
    private readonly AttemptDescription _description;
    private readonly WorkerChannel _channel;
    private readonly TimeProvider _time;
    private readonly CancellationToken _interruption;
    private long _lastSave;

    /// <summary>Finds the checkpoint to resume from, and restores the metrics recorded before it.</summary>
    public AttemptCheckpoints(string attemptFolder, AttemptDescription description, WorkerChannel channel, TimeProvider time, CancellationToken interruption)
    {
        (_folder, _description, _channel, _time, _interruption) = (AttemptFolder.Checkpoints(attemptFolder), description, channel, time, interruption);
        Directory.CreateDirectory(_folder);
        _lastSave = time.GetTimestamp();

        var wasDamaged = false;
        var newest = CheckpointSearch.Newest(description.EarlierAttempts, damage =>
        {
            wasDamaged = true;
            channel.Warn(damage);
        });
        Latest = newest?.Checkpoint;
        channel.OpenMetrics(AttemptFolder.Metrics(attemptFolder), newest is null ? null : AttemptFolder.Metrics(newest.Attempt), newest?.MetricsLength ?? 0);
        if (newest is not null)
        {
            channel.Send(new Resumed(newest.Checkpoint.Step));
            JoinCode(attemptFolder, newest);
        }
        else if (wasDamaged)
        {
            channel.Warn("no checkpoint is intact, so the stage starts from its beginning");
        }
    }

    /// <inheritdoc/>
    public StoredCheckpoint? Latest { get; }

    /// <inheritdoc/>
    public void SaveIfDue(long step, Action<string> write)
    {
        if (!_interruption.IsCancellationRequested && _time.GetElapsedTime(_lastSave) < _description.Run.Checkpoint.Every)
        {
            return;
        }

        Save(step, write);
        _lastSave = _time.GetTimestamp();
        _interruption.ThrowIfCancellationRequested();
    }

    private void Save(long step, Action<string> write)
    {
        var folder = Path.Combine(_folder, "step-" + step.ToString("D12", CultureInfo.InvariantCulture));
        if (Directory.Exists(folder))
        {
            return;
        }

        SealedFolder.Write(folder, write, () => CheckpointSearch.Facts(step, _channel.FlushMetrics()));
        foreach (var old in CheckpointSearch.Whole(_folder).OrderDescending(StringComparer.Ordinal).Skip(_description.Run.Checkpoint.Keep))
        {
            DurableFiles.Remove(old);
        }

        _channel.Send(new Checkpointed(step));
    }

    /// <summary>What the code of this attempt goes on from may have been made by other code: warns, and records both.</summary>
    private void JoinCode(string attemptFolder, FoundCheckpoint found)
    {
        var present = WorkCode.Read(attemptFolder);
        if (WorkCode.Others(WorkCode.Read(found.Attempt), present) is { Count: > 0 } others)
        {
            _channel.Warn(WorkCode.Warning($"the checkpoint at step {found.Checkpoint.Step}", others));
            WorkCode.Write(attemptFolder, [.. present, .. others]);
        }
    }
}
