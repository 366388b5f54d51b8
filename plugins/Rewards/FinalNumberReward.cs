using System.Text.RegularExpressions;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Rewards;

/// <summary>Scores 1 if the last number in the answer equals the last number in the truth, and 0 otherwise.</summary>
/// <remarks>
/// It follows the flexible match of GSM8K in lm-evaluation-harness: commas between thousands, a dollar sign and a full
/// stop after the number are ignored. Unlike there, numbers are compared exactly and by value instead of as text (18.0
/// equals 18), and commas must group three digits (the last number of <c>1,2</c> is 2). A hyphen is a minus sign only
/// if no digit or letter precedes it (the last number of <c>5-3</c> is 3).
/// </remarks>
[Plugin("final-number")]
public sealed partial class FinalNumberReward(FinalNumberOptions options) : IReward
{
    /// <inheritdoc/>
    public double Score(Problem problem, string answer, bool stopped) =>
        (stopped || !options.MustStop) && LastNumber(answer) is { } found && LastNumber(problem.Answer) == found ? 1 : 0;

    /// <summary>
    /// The last number in a text in its shortest form (no sign on zero, no leading or trailing zeros), or null if there
    /// is none.
    /// </summary>
    private static string? LastNumber(string text) => Number.Matches(text) is [.., var last] ? Shortest(last, last.Index > 0 ? text[last.Index - 1] : ' ') : null;

    private static string Shortest(Match match, char before)
    {
        var whole = match.Groups["whole"].Value.Replace(",", "", StringComparison.Ordinal).TrimStart('0');
        var fraction = match.Groups["fraction"].Value.TrimEnd('0');
        var isNegative = match.Groups["minus"].Success && !char.IsLetterOrDigit(before) && before != ')' && whole.Length + fraction.Length > 0;
        return $"{(isNegative ? "-" : "")}{whole}.{fraction}";
    }

    // NonBacktracking takes linear time in the length of any answer, even of a hostile one.
    [GeneratedRegex(@"(?<minus>[-\u2212])?\$?((?<whole>[0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.(?<fraction>[0-9]+))?|\.(?<fraction>[0-9]+))", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number { get; }
}

/// <summary>Settings of <c>final-number</c>.</summary>
public sealed record FinalNumberOptions
{
    /// <summary>
    /// Whether an answer that was cut off at the token limit scores 0, because the number at its end may be cut off
    /// too. Default: true.
    /// </summary>
    public bool MustStop { get; init; } = true;
}
