using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Execution;

/// <summary>
/// Checkpoints of one attempt, each a folder <c>step-000000000120</c> that appears by one rename when all its bytes are on the disk. A damaged
/// one is passed over for the one before, in this attempt or an earlier one at the same key.
/// </summary>
public sealed class AttemptCheckpoints : ICheckpoints
{
    private const string ManifestFile = "checkpoint.json";

    private readonly string _folder;
    private readonly AttemptDescription _description;
    private readonly WorkerChannel _channel;
    private readonly TimeProvider _time;
    private readonly CancellationToken _interruption;
    private long _lastSave;

    /// <summary>Finds where to go on, and takes back the metrics up to there.</summary>
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

    /// <summary>The newest whole checkpoint of several attempts, with the metrics that were recorded before it.</summary>
    public static (StoredCheckpoint Checkpoint, byte[] Metrics)? Newest(IEnumerable<string> attemptFolders)
    {
        var candidates =
            from attempt in attemptFolders
            where Directory.Exists(AttemptFolder.Checkpoints(attempt))
            from folder in Directory.EnumerateDirectories(AttemptFolder.Checkpoints(attempt), "step-*")
            where !folder.EndsWith(".tmp", StringComparison.Ordinal)
            orderby Path.GetFileName(folder) descending
            select (attempt, folder);
        foreach (var (attempt, folder) in candidates)
        {
            if (Read(folder) is not { } manifest || manifest.Files.Any(file => file.Damage(folder, hash: true) is not null))
            {
                continue;
            }

            var metrics = File.Exists(AttemptFolder.Metrics(attempt)) ? File.ReadAllBytes(AttemptFolder.Metrics(attempt)) : [];
            if (metrics.Length >= manifest.MetricsLength)
            {
                return (new StoredCheckpoint(manifest.Step, folder), metrics[..(int)manifest.MetricsLength]);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void SaveIfDue(long step, Action<string> write)
    {
        if (!_interruption.IsCancellationRequested && _time.GetElapsedTime(_lastSave) < _description.CheckpointEvery)
        {
            return;
        }

        Save(step, write);
        _lastSave = _time.GetTimestamp();
        _interruption.ThrowIfCancellationRequested();
    }

    private static CheckpointManifest? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, ManifestFile)), CheckpointJson.Default.CheckpointManifest);
        }
        catch (Exception problem) when (problem is JsonException or FileNotFoundException)
        {
            return null;
        }
    }

    private void Save(long step, Action<string> write)
    {
        var folder = Path.Combine(_folder, "step-" + step.ToString("D12", CultureInfo.InvariantCulture));
        if (Directory.Exists(folder))
        {
            return;
        }

        var temporary = folder + ".tmp";
        Directory.CreateDirectory(temporary);
        write(temporary);
        StoredFile[] files = [.. Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => StoredFile.Of(temporary, file))];
        var manifest = new CheckpointManifest(step, _channel.FlushMetrics(), files);
        File.WriteAllBytes(Path.Combine(temporary, ManifestFile), JsonSerializer.SerializeToUtf8Bytes(manifest, CheckpointJson.Default.CheckpointManifest));
        DurableFiles.SyncTree(temporary);
        DurableFiles.TryRename(temporary, folder);
        foreach (var old in Directory.EnumerateDirectories(_folder, "step-*").OrderDescending(StringComparer.Ordinal).Skip(_description.CheckpointsKept))
        {
            Directory.Delete(old, recursive: true);
        }

        _channel.Send(new Checkpointed(step));
    }
}

/// <summary><c>checkpoint.json</c>: written last.</summary>
/// <param name="Step">The steps done.</param>
/// <param name="MetricsLength">Bytes of the metrics file that belong to those steps.</param>
/// <param name="Files">The state.</param>
public sealed record CheckpointManifest(long Step, long MetricsLength, IReadOnlyList<StoredFile> Files);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CheckpointManifest))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
