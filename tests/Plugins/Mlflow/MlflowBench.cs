using System.Collections.Concurrent;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Tracking;

namespace Experiments.Plugins.Mlflow.Tests;

/// <summary>A journal in a temporary folder, stores to send it to, and what was warned of.</summary>
public sealed class MlflowBench : IDisposable
{
    private readonly FixedTime _time = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("lab-tracking-").FullName;

    public string JournalPath => Path.Combine(Folder, "run", "tracking.jsonl");

    public string StoreFolder => Path.Combine(Folder, "mlruns");

    public ConcurrentQueue<string> Warnings { get; } = [];

    public TrackingJournal Open() => TrackingJournal.Open(JournalPath, _time);

    public ITrackingStore Files() => new MlflowFileStore(StoreFolder, "tiny", _time, Warnings.Enqueue);

    public ITrackingStore Rest(FakeMlflow server, int retries = 2, double tryTime = 30) => new MlflowRestStore(
        new MlflowClient(
            new MlflowConnection(server.Uri)
            {
                Retries = retries,
                RetryPause = TimeSpan.FromMilliseconds(1),
                TryTime = TimeSpan.FromSeconds(tryTime),
                BreakTime = TimeSpan.FromMilliseconds(500),
            },
            TimeProvider.System),
        "tiny",
        Warnings.Enqueue);

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
