using Experiments.Contracts.Reports;

namespace Experiments.Plugins.Evaluation;

/// <summary>Chooses the problems that a report shows.</summary>
internal static class Examples
{
    private const int Shown = 20;

    /// <summary>Twenty in all, evenly from each set and evenly spaced in it: the same ones for every model that is put the same sets.</summary>
    public static IReadOnlyList<AnsweredProblem> Choose(IReadOnlyList<(string Name, IReadOnlyList<Answer> Answers)> sets) =>
        [.. sets.SelectMany((set, index) =>
        {
            var firsts = set.Answers.DistinctBy(answer => answer.ProblemIndex).ToList();
            var count = Math.Min(firsts.Count, ((index + 1) * Shown / sets.Count) - (index * Shown / sets.Count));
            return Enumerable.Range(0, count).Select(i => firsts[i * firsts.Count / count])
                .Select(answer => new AnsweredProblem(set.Name, answer.Problem.Prompt, answer.Problem.Answer, answer.Text, answer.Stopped, answer.Score));
        })];
}
