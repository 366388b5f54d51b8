using System.ComponentModel.DataAnnotations;

namespace Experiments.Contracts.Running;

/// <summary>How a stage is executed: <c>run:</c>. Never part of a key.</summary>
public sealed record RunSettings
{
    /// <summary>
    /// Number of processor threads for the stage. Default: for a stage that trains or runs a model, the machine's cores
    /// divided by the number of stages that may run at the same time, because results depend on the number of threads;
    /// for other stages, the threads that are free when it starts.
    /// </summary>
    [Range(1, 4096)]
    public int? Threads { get; init; }

    /// <summary>
    /// Memory that the stage needs. Stages only run at the same time when their memory fits together. Unit: GB (10^9
    /// bytes). Default: what the stage used last time.
    /// </summary>
    [Range(0.0, 1e6)]
    public double? MemoryGb { get; init; }

    /// <summary>
    /// Number of worker processes that share the stage's work and its threads; only for stages that work in shards.
    /// Default: 1.
    /// </summary>
    [Range(1, 4096)]
    public int Parallel { get; init; } = 1;

    /// <summary>When the stage saves checkpoints.</summary>
    public CheckpointSettings Checkpoint { get; init; } = new();
}

/// <summary>When a stage saves checkpoints.</summary>
public sealed record CheckpointSettings : IValidatableObject
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>Time between two checkpoints, at least 1ms, which saves at every opportunity. Default: 1m.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Number of newest checkpoints to keep. Default: 2, so that one is complete while the next is written.
    /// </summary>
    [Range(1, 1000)]
    public int Keep { get; init; } = 2;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Every < Shortest)
        {
            yield return new("'every' must be at least 1ms, which saves at every opportunity. A checkpoint takes time: 1m or more suits most stages.", [nameof(Every)]);
        }
    }
}
