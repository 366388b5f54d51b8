using Experiments.Contracts.Running;
using Experiments.Contracts.Text;

namespace Experiments.Contracts;

/// <summary>All that a stage may use beside its options and inputs.</summary>
public sealed class StageContext
{
    /// <summary>The folder that becomes the artifact. It is empty at the start of every attempt.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The recipe's seed. Every stream of randomness derives from it: <c>new RandomStream(context.Seed, "shuffle")</c>.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Figures over steps: what trackers show, gates, and the plots of the report.</summary>
    public required IMetrics Metrics { get; init; }

    /// <summary>How far the stage is.</summary>
    public required IStageProgress Progress { get; init; }

    /// <summary>Lines for the log.</summary>
    public required IStageLog Log { get; init; }

    /// <summary>Where to go on after an interruption.</summary>
    public required ICheckpoints Checkpoints { get; init; }

    /// <summary>Spreads the work over processes; null when it is to be done in this one.</summary>
    public IShards? Shards { get; init; }

    /// <summary>Other plugins.</summary>
    public required IPluginSource Plugins { get; init; }

    /// <summary>Processor threads that the stage may keep busy, at least 1. It must not change the output of a data stage.</summary>
    public required int Threads { get; init; }

    /// <summary>Reads and writes documents in every format that a plugin knows.</summary>
    public DocumentStore Documents => field ??= new DocumentStore(Plugins, Log);

    /// <summary>Makes and returns the subfolder of an output that has several parts.</summary>
    /// <param name="part">The property of the output record in snake_case.</param>
    public string Part(string part) => Directory.CreateDirectory(Path.Combine(OutputFolder, part)).FullName;
}
