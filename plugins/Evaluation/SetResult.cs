namespace Experiments.Plugins.Evaluation;

/// <summary>How a model did on one set of problems.</summary>
internal sealed record SetResult
{
    /// <summary>The set's name.</summary>
    public required string Set { get; init; }

    /// <summary>Problems in it.</summary>
    public required int Problems { get; init; }

    /// <summary>The mean score.</summary>
    public required double ExactMatch { get; init; }

    /// <summary>Its standard error over problems: with one answer a problem, the binomial √(p(1−p)/n).</summary>
    public required double ExactMatchError { get; init; }

    /// <summary>Share of answers that ended themselves.</summary>
    public required double StoppedShare { get; init; }

    /// <summary>Tokens an answer, the one that ends it included.</summary>
    public required double MeanCompletionTokens { get; init; }

    /// <summary>Exact match minus the baseline's, or null when that has no such set.</summary>
    public double? ExactMatchGain { get; init; }

    /// <summary>The gain's standard error, as of two independent samples: not below the true one when both answered the same problems.</summary>
    public double? ExactMatchGainError { get; init; }

    /// <summary>Sums the answers to a set up.</summary>
    public static SetResult Of(string name, IReadOnlyList<Answer> answers, EvaluationReport? baseline)
    {
        double[] scores = [.. answers.GroupBy(answer => (answer.Set, answer.ProblemIndex)).Select(group => group.Average(answer => answer.Score))];
        var mean = scores.Average();
        var error = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)) / scores.Length);
        var before = baseline?.Sets.FirstOrDefault(set => set.Set == name);
        return new()
        {
            Set = name,
            Problems = scores.Length,
            ExactMatch = mean,
            ExactMatchError = error,
            StoppedShare = answers.Average(answer => answer.Stopped ? 1.0 : 0),
            MeanCompletionTokens = answers.Average(answer => answer.Tokens),
            ExactMatchGain = mean - before?.ExactMatch,
            ExactMatchGainError = before is null ? null : Math.Sqrt((error * error) + (before.ExactMatchError * before.ExactMatchError)),
        };
    }
}
