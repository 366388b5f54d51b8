using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Rewards;

/// <summary>Scores 1 if the answer equals the truth, apart from white space at both ends, and 0 otherwise.</summary>
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
    /// <summary>Whether upper and lower case are treated as equal. Default: false.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>
    /// Whether an answer that was cut off at the token limit scores 0 even if its text is correct. Default: true.
    /// </summary>
    public bool MustStop { get; init; } = true;
}
