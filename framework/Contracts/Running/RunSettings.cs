using System.ComponentModel.DataAnnotations;

namespace Experiments.Contracts.Running;

/// <summary>How a stage is executed: <c>run:</c>. Never part of a key.</summary>
public sealed record RunSettings
{
    /// <summary>
    /// Processor threads that the stage may keep busy. Default: for a stage that trains or runs a model, the machine's cores over the stages that may
    /// run side by side, for its sums depend on it; for any other stage, what is free when it begins.
    /// </summary>
    [Range(1, 4096)]
    public int? Threads { get; init; }

    /// <summary>Memory that the stage needs, so that what runs beside it leaves it room. Unit: GB (10^9 bytes). Default: what it took last time.</summary>
    [Range(0.0, 1e6)]
    public double? MemoryGb { get; init; }

    /// <summary>Worker processes over which the stage's work is spread, its threads shared among them; for stages that work in shards. Default: 1.</summary>
    [Range(1, 4096)]
    public int Parallel { get; init; } = 1;

    /// <summary>When the stage saves where it is.</summary>
    public CheckpointSettings Checkpoint { get; init; } = new();
}

/// <summary>When a stage saves where it is.</summary>
public sealed record CheckpointSettings
{
    /// <summary>Time between two checkpoints; 0s saves at every opportunity. Default: 1m.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Checkpoints that are kept, the newest ones. Default: 2, so that one stands while the next is being written.</summary>
    [Range(1, 1000)]
    public int Keep { get; init; } = 2;
}
