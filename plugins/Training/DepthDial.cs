using System.Globalization;

namespace Experiments.Plugins.Training;

/// <summary>
/// Derives the batch size and AdamW's peak learning rate for training a model of a given depth on a given number of
/// tokens. That the depth is the single setting from which the others follow is nanochat's idea (Karpathy 2025). Batch
/// size and rate follow from the operations C of the whole training by DeepSeek LLM's laws (Bi et al. 2024): 0.2920 ·
/// C^0.3271 tokens per step and a rate of 0.3118 · C^-0.1250.
/// </summary>
/// <remarks>
/// Unlike in DeepSeek LLM, C includes the head, and the number of sequences is rounded to a power of two. The laws were
/// fitted for C from 1e17 to 2e19 and found to hold above that.
/// </remarks>
/// <param name="Tokens">Number of tokens to train on.</param>
/// <param name="BatchSize">Sequences per step.</param>
/// <param name="LearningRate">Peak learning rate.</param>
public sealed record DepthDial(double Tokens, int BatchSize, double LearningRate)
{
    /// <summary>
    /// Tokens per parameter that are compute-optimal (Chinchilla, Hoffmann et al. 2022). nanochat uses 12.
    /// </summary>
    public const double TokensPerParameter = 20;

    /// <summary>Derives the batch size and the learning rate.</summary>
    /// <param name="operationsPerToken">Floating-point operations of a forward and a backward pass, per token.</param>
    /// <param name="sequenceLength">Tokens per sequence.</param>
    /// <param name="tokens">Number of tokens to train on.</param>
    public static DepthDial Of(double operationsPerToken, int sequenceLength, double tokens)
    {
        var operations = tokens * operationsPerToken;
        var sequences = 0.2920 * Math.Pow(operations, 0.3271) / sequenceLength;
        return new(tokens, 1 << Math.Clamp((int)Math.Round(Math.Log2(sequences)), 0, 20), 0.3118 * Math.Pow(operations, -0.1250));
    }

    /// <summary>
    /// A line for the log:
    /// <c>derived from the depth: 1,310,720 tokens, 8 sequences per step, a learning rate of 0.0052</c>.
    /// </summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"derived from the depth: {Tokens:N0} tokens, {BatchSize:N0} sequences per step, a learning rate of {LearningRate:0.0###}");
}
