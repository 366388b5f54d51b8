namespace Experiments.Learning;

/// <summary>What a model wrote behind a prompt.</summary>
/// <param name="Tokens">The tokens; the last is the stop token when it stopped itself.</param>
/// <param name="LogProbabilities">For each token its log-probability, in nats, under the distribution that it was drawn from; in greedy decoding under the model's own (temperature 1).</param>
/// <param name="Stopped">Whether it ended with the stop token, not by the limit.</param>
public sealed record Completion(int[] Tokens, float[] LogProbabilities, bool Stopped)
{
    /// <summary>The tokens without the stop token.</summary>
    public ReadOnlySpan<int> Content => Tokens.AsSpan(0, Stopped ? Tokens.Length - 1 : Tokens.Length);
}
