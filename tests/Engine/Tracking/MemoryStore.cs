using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;

namespace Experiments.Engine.Tests.Tracking;

/// <summary>A store that keeps what it is told, and is away while a test says so.</summary>
public sealed class MemoryStore : ITrackingStore
{
    public string Location { get; init; } = "memory";

    public bool IsAway { get; set; }

    public StoreHealth? Health { get; init; }

    public List<string> Calls { get; } = [];

    public Dictionary<string, MemoryRun> Runs { get; } = [];

    public Task<StoreHealth> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(Health ?? new(Location));

    public Task<StoredRun> StartRunAsync(RunStart run, string? parent, bool inDoubt, CancellationToken cancellationToken)
    {
        Take("start", inDoubt);
        var isKnown = inDoubt && Runs.ContainsKey(run.Id);
        if (!isKnown)
        {
            Runs.Add(run.Id, new(run, parent) { Tags = new(run.Tags) });
        }

        return Task.FromResult(new StoredRun(run.Id, !isKnown));
    }

    public Task ResumeRunAsync(string id, CancellationToken cancellationToken)
    {
        Take("resume");
        Runs[id].End = null;
        return Task.CompletedTask;
    }

    public Task LogAsync(string id, TrackedBatch batch, bool inDoubt, CancellationToken cancellationToken)
    {
        Take("log", inDoubt);
        Runs[id].Metrics.AddRange(batch.Metrics);
        Runs[id].Inputs.AddRange(batch.Inputs);
        foreach (var (name, value) in batch.Tags)
        {
            Runs[id].Tags[name] = value;
        }

        return Task.CompletedTask;
    }

    public Task LogArtifactAsync(string id, string file, string path, CancellationToken cancellationToken)
    {
        Take("artifact");
        return Task.CompletedTask;
    }

    public Task EndRunAsync(string id, RunEnd end, CancellationToken cancellationToken)
    {
        Take("end");
        Runs[id].End = end;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }

    private void Take(string call, bool inDoubt = false)
    {
        Calls.Add(inDoubt ? call + " in doubt" : call);
        if (IsAway)
        {
            throw new TrackingUnavailableException("away");
        }
    }
}

public sealed record MemoryRun(RunStart Start, string? Parent)
{
    public RunEnd? End { get; set; }

    public List<MetricPoint> Metrics { get; } = [];

    public List<TrackedInput> Inputs { get; } = [];

    public required Dictionary<string, string> Tags { get; init; }
}
