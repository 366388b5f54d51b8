using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Rewards;

/// <summary>Scores 1 when the answer is the truth, white space at both ends aside, and 0 otherwise.</summary>
[Plugin("exact-match")]
public sealed class ExactMatchReward(ExactMatchOptions options) : IReward
{
    private readonly StringComparison _comparison = options.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <inheritdoc/>
    public double Score(Problem problem, string answer, bool stopped) =>
        (stopped || !options.MustStop) && answer.AsSpan().Trim().Equals(problem.Answer.AsSpan().Trim(), _comparison) ? 1 : 0;
}

/// <summary>Settings of <c>exact-match</c>.</summary>
public sealed record ExactMatchOptions
{
    /// <summary>Whether upper and lower case count as the same. Default: false.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>Whether an answer that was cut at the token limit scores 0 even when its text is right. Default: true.</summary>
    public bool MustStop { get; init; } = true;
}
