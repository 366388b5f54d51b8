using System.Globalization;

namespace Experiments.Plugins.Training;

/// <summary>
/// What a training of a model of a given depth takes where it was not given: how many sequences a step, and AdamW's peak learning rate, for so many tokens. The idea of one dial for all is nanochat's
/// (Karpathy 2025); batch and rate follow the operations C of the whole training by DeepSeek LLM's laws (Bi et al. 2024): 0.2920 · C^0.3271 tokens a step, a rate of 0.3118 · C^-0.1250.
/// </summary>
/// <remarks>Unlike theirs, C counts the head, and the number of sequences is rounded to a power of two. Their laws were fitted over C from 1e17 to 2e19 and held beyond.</remarks>
/// <param name="Tokens">Tokens to train on.</param>
/// <param name="BatchSize">Sequences a step.</param>
/// <param name="LearningRate">The peak learning rate.</param>
public sealed record DepthDial(double Tokens, int BatchSize, double LearningRate)
{
    /// <summary>Tokens a parameter that make the best of a number of operations (Chinchilla, Hoffmann et al. 2022); nanochat takes 12.</summary>
    public const double TokensPerParameter = 20;

    /// <summary>Derives batch and rate.</summary>
    /// <param name="operationsPerToken">Operations of a forward and a backward pass.</param>
    /// <param name="sequenceLength">Tokens a sequence.</param>
    /// <param name="tokens">Tokens to train on.</param>
    public static DepthDial Of(double operationsPerToken, int sequenceLength, double tokens)
    {
        var operations = tokens * operationsPerToken;
        var sequences = 0.2920 * Math.Pow(operations, 0.3271) / sequenceLength;
        return new(tokens, 1 << Math.Clamp((int)Math.Round(Math.Log2(sequences)), 0, 20), 0.3118 * Math.Pow(operations, -0.1250));
    }

    /// <summary>For the log: <c>derived from the depth: 1,310,720 tokens, 8 sequences a step, a learning rate of 0.0052</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"derived from the depth: {Tokens:N0} tokens, {BatchSize:N0} sequences a step, a learning rate of {LearningRate:0.0###}");
}
