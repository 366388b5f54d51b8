namespace Experiments.Contracts.Sizing;

/// <summary>What a training does, told before it begins.</summary>
public sealed record TrainingSize
{
    /// <summary>Updates of the weights; null when they depend on data that is not there yet.</summary>
    public long? Steps { get; init; }

    /// <summary>What the steps depend on, in a few words; null when they are known.</summary>
    public string? Missing { get; init; }

    /// <summary>Tokens that a step learns from.</summary>
    public required long TokensPerStep { get; init; }

    /// <summary>Whether tokens are an upper bound, for the texts' lengths are not known.</summary>
    public bool IsAtMost { get; init; }

    /// <summary>Positions a sequence.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>Sequences in one forward and backward pass.</summary>
    public required int SequencesAtOnce { get; init; }

    /// <summary>Tokens that the whole training reads without learning from them: validation, log-probabilities.</summary>
    public double TokensRead { get; init; }

    /// <summary>Tokens that the whole training samples.</summary>
    public double TokensSampled { get; init; }

    /// <summary>Numbers that the optimizer keeps for each parameter.</summary>
    public required int OptimizerNumbers { get; init; }

    /// <summary>Further copies of the model that are held and not trained.</summary>
    public int FrozenModels { get; init; }

    /// <summary>Whether the model computes in bfloat16, beside float32 weights that are kept.</summary>
    public bool IsBfloat16 { get; init; }

    /// <summary>Where it computes, by libtorch's name: cpu, cuda, cuda:0 ... Default: cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Tokens learned from in all; null when the steps are not known.</summary>
    public double? Tokens => (double?)Steps * TokensPerStep;
}
