using System.Collections.Concurrent;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Tracking;

/// <summary>A journal in a temporary folder, and what was warned of.</summary>
public sealed class TrackingBench : IDisposable
{
    private readonly FixedTime _time = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("lab-tracking-").FullName;

    public string JournalPath => Path.Combine(Folder, "run", "tracking.jsonl");

    public ConcurrentQueue<string> Warnings { get; } = [];

    public TrackingJournal Open() => TrackingJournal.Open(JournalPath, _time);

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public static string Read(string path) => File.ReadAllText(path);

    public async Task<long> SyncAsync(ITrackingStore store)
    {
        using (store)
        {
            return await TrackingSender.SyncAsync(JournalPath, store, TimeProvider.System, Warnings.Enqueue, TestContext.Current.CancellationToken);
        }
    }

    public static IEnumerable<MetricPoint> Points(string name, int from, int count) => Enumerable.Range(from, count)
        .Select(step => new MetricPoint(name, step / 8.0, step, DateTimeOffset.FromUnixTimeMilliseconds(1000 + step)));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
    }
}
