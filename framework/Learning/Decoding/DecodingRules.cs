using Experiments.Contracts.Text;

namespace Experiments.Learning;

/// <summary>How completions are drawn, what ends them and what interrupts them.</summary>
public sealed record DecodingRules
{
    /// <summary>How tokens are chosen, and the stop texts.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>Tokens that end a completion.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>Calls of tools; null for none.</summary>
    public ToolPause? Pause { get; init; }
}

/// <summary>Lets a completion pause so that a tool may answer; what it answers is read in the same cache, and the model writes on.</summary>
public sealed record ToolPause
{
    /// <summary>Tokens behind which it pauses.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>Texts behind which it pauses. They may begin in the middle of a token.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>What is injected. They count towards the limit of tokens and are marked as not sampled; what goes beyond the model's context ends the completion.</summary>
    public required ToolAnswer Answer { get; init; }
}

/// <summary>Answers a pause.</summary>
/// <param name="row">The index of the prompt.</param>
/// <param name="soFar">The tokens so far, and their text where the decoder has a tokenizer.</param>
/// <returns>Tokens that the model reads; null ends the completion.</returns>
public delegate int[]? ToolAnswer(int row, Completion soFar);
