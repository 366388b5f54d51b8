namespace Experiments.Plugins.Evaluation;

/// <summary>A model's results on one set of problems.</summary>
internal sealed record SetResult
{
    /// <summary>The set's name.</summary>
    public required string Set { get; init; }

    /// <summary>Number of problems in the set.</summary>
    public required int Problems { get; init; }

    /// <summary>The mean score.</summary>
    public required double ExactMatch { get; init; }

    /// <summary>
    /// The standard error of the mean score over problems. With one answer per problem and scores of 0 and 1 it is the
    /// binomial √(p(1−p)/n).
    /// </summary>
    public required double ExactMatchError { get; init; }

    /// <summary>Share of answers that the model ended itself.</summary>
    public required double StoppedShare { get; init; }

    /// <summary>Mean length of an answer, including the token that ends it. Unit: tokens.</summary>
    public required double MeanCompletionTokens { get; init; }

    /// <summary>Exact match minus the baseline's, or null if the baseline does not have this set.</summary>
    public double? ExactMatchGain { get; init; }

    /// <summary>
    /// The gain's standard error, computed as for two independent samples. If both models answered the same problems,
    /// the true error is usually smaller.
    /// </summary>
    public double? ExactMatchGainError { get; init; }

    /// <summary>Computes the results from the answers to a set.</summary>
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
