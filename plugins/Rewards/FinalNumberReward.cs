using System.Text.RegularExpressions;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Rewards;

/// <summary>Scores 1 when the last number of the answer equals the last number of the truth, and 0 otherwise.</summary>
/// <remarks>
/// As the flexible match of GSM8K in lm-evaluation-harness: thousands' commas, a dollar sign and a dot that ends the sentence are no part of a
/// number. Unlike there, numbers are compared by value and not as text (18.0 is 18, exactly: no rounding), and commas must group three digits
/// (in <c>1,2</c> the last number is 2). A hyphen is a minus only where no digit or letter stands before it (<c>5-3</c> ends in 3).
/// </remarks>
[Plugin("final-number")]
public sealed partial class FinalNumberReward(FinalNumberOptions options) : IReward
{
    /// <inheritdoc/>
    public double Score(Problem problem, string answer, bool stopped) =>
        (stopped || !options.MustStop) && LastNumber(answer) is { } found && LastNumber(problem.Answer) == found ? 1 : 0;

    /// <summary>The last number in a text in its shortest form (no sign on zero, no zeros around), or null when it has none.</summary>
    private static string? LastNumber(string text) => Number.Matches(text) is [.., var last] ? Shortest(last, last.Index > 0 ? text[last.Index - 1] : ' ') : null;

    private static string Shortest(Match match, char before)
    {
        var whole = match.Groups["whole"].Value.Replace(",", "", StringComparison.Ordinal).TrimStart('0');
        var fraction = match.Groups["fraction"].Value.TrimEnd('0');
        var isNegative = match.Groups["minus"].Success && !char.IsLetterOrDigit(before) && before != ')' && whole.Length + fraction.Length > 0;
        return $"{(isNegative ? "-" : "")}{whole}.{fraction}";
    }

    // Without backtracking: linear in the length of an answer, however hostile.
    [GeneratedRegex(@"(?<minus>[-\u2212])?\$?((?<whole>[0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.(?<fraction>[0-9]+))?|\.(?<fraction>[0-9]+))", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number { get; }
}

/// <summary>Settings of <c>final-number</c>.</summary>
public sealed record FinalNumberOptions
{
    /// <summary>Whether an answer that was cut at the token limit scores 0: the number at its end may be cut too. Default: true.</summary>
    public bool MustStop { get; init; } = true;
}
