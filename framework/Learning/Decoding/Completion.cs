namespace Experiments.Learning;

/// <summary>What a model wrote behind a prompt.</summary>
/// <param name="Tokens">The tokens; the last is the stop token when one ended it.</param>
/// <param name="LogProbabilities">
/// For each token its log-probability, in nats, under the distribution that it was drawn from; in greedy decoding under the model's own (temperature 1). 0 for a token that was not sampled.
/// </param>
/// <param name="Stopped">Whether a stop token or a stop text ended it, not the limit.</param>
public sealed record Completion(int[] Tokens, float[] LogProbabilities, bool Stopped)
{
    /// <summary>For each token its log-probability under the model's own distribution: temperature 1, no penalty, nothing cut off. 0 for a token that was not sampled.</summary>
    public IReadOnlyList<float> ModelLogProbabilities { get; init; } = LogProbabilities;

    /// <summary>For each token whether the model drew it; the others are a tool's answer, which is not to be learned.</summary>
    public IReadOnlyList<bool> IsSampled { get; init; } = [.. Enumerable.Repeat(true, Tokens.Length)];

    /// <summary>For each token the likeliest ones in its place, where they were asked for; otherwise nothing.</summary>
    public IReadOnlyList<IReadOnlyList<TokenLikelihood>> Alternatives { get; init; } = [];

    /// <summary>The stop text that ended it; null where none did.</summary>
    public string? StopText { get; init; }

    /// <summary>The text, up to the stop text; null for a decoder without a tokenizer.</summary>
    public string? Text { get; init; }

    /// <summary>The tokens without the stop token.</summary>
    public ReadOnlySpan<int> Content => Tokens.AsSpan(0, Stopped && StopText is null ? Tokens.Length - 1 : Tokens.Length);
}

/// <summary>A token and its log-probability.</summary>
/// <param name="Token">Its id.</param>
/// <param name="LogProbability">Under the model's own distribution. Unit: nats.</param>
public readonly record struct TokenLikelihood(int Token, float LogProbability);
