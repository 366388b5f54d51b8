using Experiments.Contracts.Reports;

namespace Experiments.Plugins.Evaluation;

/// <summary>Scores the answers to one set of problems.</summary>
internal static class SetScore
{
    /// <summary>Computes the results from the answers to a set.</summary>
    public static EvaluatedSet Of(string name, IReadOnlyList<Answer> answers, EvaluationReport? baseline)
    {
        double[] scores = [.. answers.GroupBy(answer => (answer.Set, answer.ProblemIndex)).Select(group => group.Average(answer => answer.Score))];
        var mean = scores.Average();
        var error = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)) / scores.Length);
        var before = baseline?.Sets.FirstOrDefault(set => set.Set == name);
        return new(
            name,
            scores.Length,
            mean,
            error,
            answers.Average(answer => answer.Stopped ? 1.0 : 0),
            answers.Average(answer => answer.Tokens),
            mean - before?.ExactMatch,
            before is null ? null : Math.Sqrt((error * error) + (before.ExactMatchError * before.ExactMatchError)));
    }
}
