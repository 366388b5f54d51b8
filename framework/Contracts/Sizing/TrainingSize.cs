namespace Experiments.Contracts.Sizing;

/// <summary>The work of a training, predicted before it begins.</summary>
public sealed record TrainingSize
{
    /// <summary>Number of weight updates; null if it depends on data that does not exist yet.</summary>
    public long? Steps { get; init; }

    /// <summary>What the number of steps depends on, in a few words; null if it is known.</summary>
    public string? Missing { get; init; }

    /// <summary>Number of tokens that a step learns from.</summary>
    public required long TokensPerStep { get; init; }

    /// <summary>Whether the tokens are an upper bound, because the lengths of the texts are unknown.</summary>
    public bool IsAtMost { get; init; }

    /// <summary>Positions per sequence.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>Sequences in one forward and backward pass.</summary>
    public required int SequencesAtOnce { get; init; }

    /// <summary>
    /// Tokens that the whole training reads without learning from them, for validation and log-probabilities.
    /// </summary>
    public double TokensRead { get; init; }

    /// <summary>Tokens that the whole training samples.</summary>
    public double TokensSampled { get; init; }

    /// <summary>Numbers that the optimizer stores per parameter.</summary>
    public required int OptimizerNumbers { get; init; }

    /// <summary>Additional copies of the model that are in memory but not trained.</summary>
    public int FrozenModels { get; init; }

    /// <summary>Whether the model computes in bfloat16, with float32 master weights.</summary>
    public bool IsBfloat16 { get; init; }

    /// <summary>The device, by libtorch's name: cpu, cuda, cuda:0 ... Default: cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Total tokens to learn from; null if the number of steps is unknown.</summary>
    public double? Tokens => (double?)Steps * TokensPerStep;
}
