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
    private const string StepFact = "step";
    private const string MetricsFact = "metrics_length"; // number of bytes of the metrics file that belong to the steps so far

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

        var newest = Newest(description.EarlierAttempts);
        Latest = newest?.Checkpoint;
        channel.OpenMetrics(AttemptFolder.Metrics(attemptFolder), newest is { } found ? found.Metrics : []);
        if (Latest is not null)
        {
            channel.Send(new Resumed(Latest.Step));
        }
    }

    /// <inheritdoc/>
    public StoredCheckpoint? Latest { get; }

    /// <summary>The newest intact checkpoint of several attempts, with the metrics recorded before it.</summary>
    public static (StoredCheckpoint Checkpoint, byte[] Metrics)? Newest(IEnumerable<string> attemptFolders)
    {
        var candidates =
            from attempt in attemptFolders
            where Directory.Exists(AttemptFolder.Checkpoints(attempt))
            from folder in Whole(AttemptFolder.Checkpoints(attempt))
            orderby Path.GetFileName(folder) descending
            select (attempt, folder);
        foreach (var (attempt, folder) in candidates)
        {
            if (SealedFolder.Open(folder) is not { } facts)
            {
                continue;
            }

            var metrics = File.Exists(AttemptFolder.Metrics(attempt)) ? File.ReadAllBytes(AttemptFolder.Metrics(attempt)) : [];
            if (metrics.Length >= facts[MetricsFact])
            {
                return (new StoredCheckpoint(facts[StepFact], folder), metrics[..(int)facts[MetricsFact]]);
            }
        }

        return null;
    }

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

        SealedFolder.Write(folder, write, () => new Dictionary<string, long> { [StepFact] = step, [MetricsFact] = _channel.FlushMetrics() });
        foreach (var old in Whole(_folder).OrderDescending(StringComparer.Ordinal).Skip(_description.Run.Checkpoint.Keep))
        {
            DurableFiles.Remove(old);
        }

        _channel.Send(new Checkpointed(step));
    }

    private static IEnumerable<string> Whole(string checkpoints) => Directory.EnumerateDirectories(checkpoints, "step-*").Where(folder => !SealedFolder.IsUnfinished(folder));
}
