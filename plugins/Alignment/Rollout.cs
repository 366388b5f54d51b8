using Experiments.Contracts.Text;
using Experiments.Learning.Decoding;
using Experiments.Learning.Training;

namespace Experiments.Plugins.Alignment;

/// <summary>One sampled answer.</summary>
/// <param name="Problem">The problem that it answers.</param>
/// <param name="Prompt">The prompt as tokens.</param>
/// <param name="Completion">The sampled tokens. They are never decoded and encoded again.</param>
/// <param name="Reward">Reward of the answer.</param>
internal sealed record Rollout(Problem Problem, int[] Prompt, Completion Completion, double Reward)
{
    /// <summary>The answer's advantage over the other answers to the same prompt.</summary>
    public double Advantage { get; init; }

    /// <summary>
    /// The prompt followed by the completion. Only the completion is learned, including the stop token.
    /// </summary>
    public PartlyLearned Sequence { get; } = new(
        [.. Prompt, .. Completion.Tokens],
        [.. Enumerable.Repeat(false, Prompt.Length), .. Enumerable.Repeat(true, Completion.Tokens.Length)]);
}
