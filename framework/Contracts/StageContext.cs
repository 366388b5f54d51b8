using Experiments.Contracts.Running;
using Experiments.Contracts.Text;

namespace Experiments.Contracts;

/// <summary>Everything that a stage may use in addition to its options and inputs.</summary>
public sealed class StageContext
{
    /// <summary>The folder that becomes the artifact. It is empty at the start of every attempt.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>
    /// The recipe's seed. Derive every random stream from it: <c>new RandomStream(context.Seed, "shuffle")</c>.
    /// </summary>
    public required ulong Seed { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Records metrics, for trackers, gates and the plots of the report.</summary>
    public required IMetrics Metrics { get; init; }

    /// <summary>Reports progress.</summary>
    public required IStageProgress Progress { get; init; }

    /// <summary>Writes lines to the log.</summary>
    public required IStageLog Log { get; init; }

    /// <summary>Saves and loads checkpoints, to resume after an interruption.</summary>
    public required ICheckpoints Checkpoints { get; init; }

    /// <summary>Spreads the work over processes; null if it is to be done in this one.</summary>
    public IShards? Shards { get; init; }

    /// <summary>Creates other plugins.</summary>
    public required IPluginSource Plugins { get; init; }

    /// <summary>
    /// Number of threads that the stage may use, at least 1. The output of a data stage must not depend on it.
    /// </summary>
    public required int Threads { get; init; }

    /// <summary>Reads and writes documents in every format that a plugin knows.</summary>
    public DocumentStore Documents => field ??= new DocumentStore(Plugins, Log);

    /// <summary>Creates the subfolder of one part of an output, and returns its path.</summary>
    /// <param name="part">The property of the output record in snake_case.</param>
    public string Part(string part) => Directory.CreateDirectory(Path.Combine(OutputFolder, part)).FullName;
}
