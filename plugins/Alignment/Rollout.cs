using Experiments.Contracts.Text;
using Experiments.Learning;

namespace Experiments.Plugins.Alignment;

/// <summary>One sampled answer.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Prompt">The prompt as the model read it.</param>
/// <param name="Completion">The tokens as they were sampled: they are never decoded and encoded again.</param>
/// <param name="Reward">What the answer is worth.</param>
internal sealed record Rollout(Problem Problem, int[] Prompt, Completion Completion, double Reward)
{
    /// <summary>Its advantage over the other answers to the same prompt.</summary>
    public double Advantage { get; init; }

    /// <summary>Prompt and completion, of which the completion is learned, the stop token included.</summary>
    public PartlyLearned Sequence { get; } = new(
        [.. Prompt, .. Completion.Tokens],
        [.. Enumerable.Repeat(false, Prompt.Length), .. Enumerable.Repeat(true, Completion.Tokens.Length)]);
}
