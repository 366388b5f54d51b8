using Experiments.Contracts.Text;

namespace Experiments.Learning.Decoding;

/// <summary>How tokens are drawn, and what ends or pauses a completion.</summary>
public sealed record DecodingRules
{
    /// <summary>How tokens are chosen, and the stop texts.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>Tokens that end a completion.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>When to pause for a tool; null for never.</summary>
    public ToolPause? Pause { get; init; }
}

/// <summary>
/// Pauses a completion so that a tool can answer. The model reads the answer into the same cache and continues.
/// </summary>
public sealed record ToolPause
{
    /// <summary>Tokens after which it pauses.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>Texts after which it pauses. They may begin in the middle of a token.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>
    /// Gives the answer. Its tokens count towards the limit and are marked as not sampled. An answer that exceeds the
    /// limit or the model's context ends the completion.
    /// </summary>
    public required ToolAnswer Answer { get; init; }
}

/// <summary>Answers a pause.</summary>
/// <param name="row">The index of the prompt.</param>
/// <param name="soFar">The completion so far, with its text if the decoder has a tokenizer.</param>
/// <returns>The tokens of the answer; null ends the completion.</returns>
public delegate int[]? ToolAnswer(int row, Completion soFar);
