namespace Experiments.Contracts.Running;

/// <summary>Names of the metrics that one plugin logs and another one asks for. A metric that nobody asks for is named where it is logged.</summary>
public static class MetricNames
{
    /// <summary>Documents that a stage has read.</summary>
    public const string DocumentsRead = "documents_read";

    /// <summary>Documents that passed all filters.</summary>
    public const string DocumentsKept = "documents_kept";

    /// <summary>Dropped documents by reason: <c>dropped/REASON</c>.</summary>
    public const string Dropped = "dropped";

    /// <summary>Share of the kept pages that had to be kept. Unit: fraction, 0 to 1.</summary>
    public const string KeepPrecision = "keep_precision";

    /// <summary>Share of the pages to keep that were kept. Unit: fraction, 0 to 1.</summary>
    public const string KeepRecall = "keep_recall";

    /// <summary>Tokens that a stage made or measured.</summary>
    public const string Tokens = "tokens";

    /// <summary>Tokens that a training learned from.</summary>
    public const string TrainingTokens = "training_tokens";

    /// <summary>Operations of a training. Unit: floating-point operations.</summary>
    public const string TrainingFlops = "training_flops";

    /// <summary>Parameters of a model.</summary>
    public const string Parameters = "parameters";

    /// <summary>Training loss. Unit: nats per token.</summary>
    public const string Loss = "loss";

    /// <summary>Loss on held-out data. Unit: nats per token.</summary>
    public const string ValidationLoss = "validation_loss";

    /// <summary>Loss on held-out text. Unit: bits per UTF-8 byte.</summary>
    public const string BitsPerByte = "bits_per_byte";

    /// <summary>The step's learning rate.</summary>
    public const string LearningRate = "learning_rate";

    /// <summary>L2 norm of the gradient before clipping.</summary>
    public const string GradientNorm = "gradient_norm";

    /// <summary>Mean reward of the sampled answers.</summary>
    public const string Reward = "reward";

    /// <summary>Share of prompts whose answers all score the same. Unit: fraction, 0 to 1.</summary>
    public const string EqualRewardShare = "frac_reward_zero_std";

    /// <summary>KL divergence from the model that training started from. Unit: nats per token.</summary>
    public const string Kl = "kl";

    /// <summary>Entropy of the sampling distribution. Unit: nats per token.</summary>
    public const string Entropy = "entropy";

    /// <summary>Mean length of the answers sampled for training. Unit: tokens.</summary>
    public const string MeanRolloutTokens = "completions/mean_length";

    /// <summary>Share of the answers sampled for training that were cut off. Unit: fraction, 0 to 1.</summary>
    public const string ClippedShare = "completions/clipped_ratio";

    /// <summary>Share of problems answered right. Unit: fraction, 0 to 1. By set: <c>exact_match/SET</c>.</summary>
    public const string ExactMatch = "exact_match";

    /// <summary>Standard error of <see cref="ExactMatch"/>.</summary>
    public const string ExactMatchError = "exact_match_error";

    /// <summary>Exact match minus the baseline's. By set: <c>exact_match_gain/SET</c>.</summary>
    public const string ExactMatchGain = "exact_match_gain";

    /// <summary>Standard error of <see cref="ExactMatchGain"/>.</summary>
    public const string ExactMatchGainError = "exact_match_gain_error";

    /// <summary>Mean length of an evaluation's answers. Unit: tokens.</summary>
    public const string MeanCompletionTokens = "mean_completion_tokens";
}
