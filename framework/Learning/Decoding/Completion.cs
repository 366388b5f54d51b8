namespace Experiments.Learning.Decoding;

/// <summary>What a model wrote after a prompt.</summary>
/// <param name="Tokens">The tokens. If a stop token ended the completion, it is the last.</param>
/// <param name="LogProbabilities">
/// The log-probability of each token under the distribution that it was drawn from; with greedy decoding, under the
/// model's own distribution (temperature 1). 0 for a token that was not sampled. Unit: nats.
/// </param>
/// <param name="Stopped">Whether a stop token or a stop text ended the completion, and not the limit.</param>
public sealed record Completion(int[] Tokens, float[] LogProbabilities, bool Stopped)
{
    /// <summary>
    /// The log-probability of each token under the model's own distribution: temperature 1, no penalty, no cut-off. 0
    /// for a token that was not sampled. Unit: nats.
    /// </summary>
    public IReadOnlyList<float> ModelLogProbabilities { get; init; } = LogProbabilities;

    /// <summary>
    /// Whether the model drew each token. The other tokens are a tool's answer, which must not be learned.
    /// </summary>
    public IReadOnlyList<bool> IsSampled { get; init; } = [.. Enumerable.Repeat(true, Tokens.Length)];

    /// <summary>The likeliest tokens at each position, if they were asked for; otherwise empty.</summary>
    public IReadOnlyList<IReadOnlyList<TokenLikelihood>> Alternatives { get; init; } = [];

    /// <summary>The stop text that ended the completion; null if none did.</summary>
    public string? StopText { get; init; }

    /// <summary>The text, up to the stop text; null for a decoder without a tokenizer.</summary>
    public string? Text { get; init; }

    /// <summary>The tokens without the stop token.</summary>
    public ReadOnlySpan<int> Content =>
        Tokens.AsSpan(0, Stopped && StopText is null ? Tokens.Length - 1 : Tokens.Length);
}

/// <summary>A token and its log-probability.</summary>
/// <param name="Token">Its id.</param>
/// <param name="LogProbability">Under the model's own distribution. Unit: nats.</param>
public readonly record struct TokenLikelihood(int Token, float LogProbability);
