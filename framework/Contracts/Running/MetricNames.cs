namespace Experiments.Contracts.Running;

/// <summary>
/// Names of the metrics that one plugin logs and another one asks for, or that several plugins log. A metric that nobody
/// asks for is named where it is logged.
/// </summary>
/// <remarks>A plugin declares one of them by its name alone: <c>[Metric(MetricNames.Loss)]</c>.</remarks>
public static class MetricNames
{
    /// <summary>Documents that a stage has read.</summary>
    [Metric(DocumentsRead, Unit = "documents")]
    public const string DocumentsRead = "documents_read";

    /// <summary>Documents that passed all filters.</summary>
    [Metric(DocumentsKept, Unit = "documents")]
    public const string DocumentsKept = "documents_kept";

    /// <summary>Dropped documents by reason: <c>dropped/REASON</c>.</summary>
    public const string Dropped = "dropped";

    /// <summary>Share of the kept pages that had to be kept.</summary>
    [Metric(KeepPrecision, Unit = "fraction, 0 to 1", Better = Better.Higher)]
    public const string KeepPrecision = "keep_precision";

    /// <summary>Share of the pages to keep that were kept.</summary>
    [Metric(KeepRecall, Unit = "fraction, 0 to 1", Better = Better.Higher)]
    public const string KeepRecall = "keep_recall";

    /// <summary>Tokens that a stage made or measured.</summary>
    [Metric(Tokens, Unit = "tokens")]
    public const string Tokens = "tokens";

    /// <summary>Tokens that a training learned from.</summary>
    [Metric(TrainingTokens, Unit = "tokens")]
    public const string TrainingTokens = "training_tokens";

    /// <summary>Operations of a training.</summary>
    [Metric(TrainingFlops, Unit = "floating-point operations")]
    public const string TrainingFlops = "training_flops";

    /// <summary>Parameters of a model.</summary>
    [Metric(Parameters, Unit = "parameters")]
    public const string Parameters = "parameters";

    /// <summary>Training loss.</summary>
    [Metric(Loss, Unit = "nats per token", Better = Better.Lower)]
    public const string Loss = "loss";

    /// <summary>Loss on held-out data.</summary>
    [Metric(ValidationLoss, Unit = "nats per token", Better = Better.Lower)]
    public const string ValidationLoss = "validation_loss";

    /// <summary>Loss on held-out text.</summary>
    [Metric(BitsPerByte, Unit = "bits per UTF-8 byte", Better = Better.Lower)]
    public const string BitsPerByte = "bits_per_byte";

    /// <summary>The step's learning rate.</summary>
    [Metric(LearningRate)]
    public const string LearningRate = "learning_rate";

    /// <summary>Speed of a training or of a tokenization.</summary>
    [Metric(TokensPerSecond, Unit = "tokens per second", Better = Better.Higher)]
    public const string TokensPerSecond = "tokens_per_second";

    /// <summary>Speed of a training in arithmetic, which does not depend on the model's size.</summary>
    [Metric(GflopsPerSecond, Unit = "billions of floating-point operations per second", Better = Better.Higher)]
    public const string GflopsPerSecond = "gflops_per_second";

    /// <summary>Compression: UTF-8 bytes of text per token.</summary>
    [Metric(BytesPerToken, Unit = "bytes per token", Better = Better.Higher)]
    public const string BytesPerToken = "bytes_per_token";

    /// <summary>Size of a vocabulary, special tokens included.</summary>
    [Metric(VocabularySize, Unit = "tokens")]
    public const string VocabularySize = "vocabulary_size";

    /// <summary>Texts that were passed over because they are empty.</summary>
    [Metric(SkippedEmptyText, Unit = "documents")]
    public const string SkippedEmptyText = "skipped/empty_text";

    /// <summary>L2 norm of the gradient before clipping.</summary>
    [Metric(GradientNorm)]
    public const string GradientNorm = "gradient_norm";

    /// <summary>Mean reward of the sampled answers.</summary>
    [Metric(Reward, Better = Better.Higher)]
    public const string Reward = "reward";

    /// <summary>Share of prompts whose answers all score the same.</summary>
    [Metric(EqualRewardShare, Unit = "fraction, 0 to 1", Better = Better.Lower)]
    public const string EqualRewardShare = "frac_reward_zero_std";

    /// <summary>KL divergence from the model that training started from.</summary>
    [Metric(Kl, Unit = "nats per token")]
    public const string Kl = "kl";

    /// <summary>Entropy of the sampling distribution.</summary>
    [Metric(Entropy, Unit = "nats per token")]
    public const string Entropy = "entropy";

    /// <summary>Mean length of the answers sampled for training.</summary>
    [Metric(MeanRolloutTokens, Unit = "tokens")]
    public const string MeanRolloutTokens = "completions/mean_length";

    /// <summary>Share of the answers sampled for training that were cut off.</summary>
    [Metric(ClippedShare, Unit = "fraction, 0 to 1", Better = Better.Lower)]
    public const string ClippedShare = "completions/clipped_ratio";

    /// <summary>Share of problems answered right.</summary>
    [Metric(ExactMatch, Unit = "fraction, 0 to 1", Better = Better.Higher)]
    public const string ExactMatch = "exact_match";

    /// <summary>Standard error of the share of problems answered right.</summary>
    [Metric(ExactMatchError, Unit = "fraction", Better = Better.Lower)]
    public const string ExactMatchError = "exact_match_error";

    /// <summary>Exact match minus the baseline's.</summary>
    [Metric(ExactMatchGain, Unit = "fraction, -1 to 1", Better = Better.Higher)]
    public const string ExactMatchGain = "exact_match_gain";

    /// <summary>Standard error of the gain over the baseline.</summary>
    [Metric(ExactMatchGainError, Unit = "fraction", Better = Better.Lower)]
    public const string ExactMatchGainError = "exact_match_gain_error";

    /// <summary>Mean length of an evaluation's answers.</summary>
    [Metric(MeanCompletionTokens, Unit = "tokens")]
    public const string MeanCompletionTokens = "mean_completion_tokens";
}
