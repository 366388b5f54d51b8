using System.Globalization;
using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>
/// Finds the newest intact checkpoint of several attempts. A checkpoint covers its own files and the metrics recorded
/// before it: if either is damaged, the one before it is used.
/// </summary>
public static class CheckpointSearch
{
    private const string Step = "step";
    private const string MetricsLength = "metrics_length"; // number of bytes of the metrics file that belong to the steps so far
    private const string MetricsSha256 = "metrics_sha256";

    /// <summary>What a checkpoint's seal records.</summary>
    /// <param name="step">The number of finished steps.</param>
    /// <param name="metrics">Length and SHA-256 of the metrics so far.</param>
    internal static IReadOnlyDictionary<string, string> Facts(long step, (long Length, string Sha256) metrics) => new Dictionary<string, string>
    {
        [Step] = step.ToString(CultureInfo.InvariantCulture),
        [MetricsLength] = metrics.Length.ToString(CultureInfo.InvariantCulture),
        [MetricsSha256] = metrics.Sha256,
    };

    /// <summary>The newest intact checkpoint; null when there is none.</summary>
    /// <param name="attemptFolders">The attempts.</param>
    /// <param name="onDamage">Receives a sentence about each damaged checkpoint that is newer.</param>
    public static FoundCheckpoint? Newest(IEnumerable<string> attemptFolders, Action<string>? onDamage = null)
    {
        var candidates =
            from attempt in attemptFolders
            where Directory.Exists(AttemptFolder.Checkpoints(attempt))
            from folder in Whole(AttemptFolder.Checkpoints(attempt))
            orderby Path.GetFileName(folder) descending
            select (attempt, folder);
        foreach (var (attempt, folder) in candidates)
        {
            if (Open(attempt, folder, damage => onDamage?.Invoke($"the checkpoint {folder} is damaged and left out: {damage}")) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The folders of an attempt's checkpoints that were written to their end.</summary>
    internal static IEnumerable<string> Whole(string checkpoints) => Directory.EnumerateDirectories(checkpoints, "step-*").Where(folder => !SealedFolder.IsUnfinished(folder));

    private static FoundCheckpoint? Open(string attempt, string folder, Action<string> onDamage)
    {
        if (SealedFolder.Open(folder, onDamage) is not { } facts)
        {
            return null;
        }

        if (!long.TryParse(facts.GetValueOrDefault(Step), CultureInfo.InvariantCulture, out var step)
            || !long.TryParse(facts.GetValueOrDefault(MetricsLength), CultureInfo.InvariantCulture, out var length))
        {
            onDamage("it does not say its step or the length of its metrics");
            return null;
        }

        if (DamageOfMetrics(AttemptFolder.Metrics(attempt), length, facts.GetValueOrDefault(MetricsSha256)) is { } damage)
        {
            onDamage(damage);
            return null;
        }

        return new FoundCheckpoint(new StoredCheckpoint(step, folder), attempt, length);
    }

    private static string? DamageOfMetrics(string path, long length, string? sha256)
    {
        if (length == 0)
        {
            return null;
        }

        try
        {
            if (sha256 is not null)
            {
                return FileBeginning.Sha256(path, length) == sha256 ? null : $"{path} has other metrics before this step than were recorded";
            }

            var lines = new MemoryStream(); // an older checkpoint has no checksum: its metrics must at least be readable
            FileBeginning.Read(path, length, bytes => lines.Write(bytes));
            lines.Position = 0;
            using var reader = new StreamReader(lines);
            while (reader.ReadLine() is { } line)
            {
                MetricLines.Parse(line);
            }

            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return $"{path}: {problem.Message}";
        }
    }
}

/// <summary>A checkpoint that a stage can resume from.</summary>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="Attempt">The folder of the attempt that made it.</param>
/// <param name="MetricsLength">Length of the attempt's metrics up to the checkpoint. Unit: bytes.</param>
public sealed record FoundCheckpoint(StoredCheckpoint Checkpoint, string Attempt, long MetricsLength);
