using Experiments.Contracts.Reports;

namespace Experiments.Plugins.Evaluation;

/// <summary>Chooses the problems that are shown in a report.</summary>
internal static class Examples
{
    private const int Shown = 20;

    /// <summary>
    /// Chooses twenty problems, equally many from each set and evenly spaced within it. Models with the same sets get
    /// the same choice.
    /// </summary>
    public static IReadOnlyList<AnsweredProblem> Choose(IReadOnlyList<(string Name, IReadOnlyList<Answer> Answers)> sets) =>
        [.. sets.SelectMany((set, index) =>
        {
            var firsts = set.Answers.DistinctBy(answer => answer.ProblemIndex).ToList();
            var count = Math.Min(firsts.Count, ((index + 1) * Shown / sets.Count) - (index * Shown / sets.Count));
            return Enumerable.Range(0, count).Select(i => firsts[i * firsts.Count / count])
                .Select(answer => new AnsweredProblem(set.Name, answer.Problem.Prompt, answer.Problem.Answer, answer.Text, answer.Stopped, answer.Score));
        })];
}
