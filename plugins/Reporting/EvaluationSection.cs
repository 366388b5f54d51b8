using Experiments.Contracts.Reports;

namespace Experiments.Plugins.Reporting;

/// <summary>
/// The section that compares the evaluations: exact match, and each model's answers to the same prompts.
/// </summary>
internal sealed class EvaluationSection(IReadOnlyList<ReportedStage> stages, ReportOptions options, PlotFolder plots)
{
    private readonly IReadOnlyList<(string Name, EvaluationReport Report)> _evaluations =
        [.. stages.Where(stage => stage.Evaluation is not null).Select(stage => (stage.Name, stage.Evaluation!))];

    /// <summary>Writes the section, or nothing if there is no evaluation.</summary>
    public void Write(MarkdownPage page)
    {
        if (_evaluations.Count == 0)
        {
            return;
        }

        page.Heading(2, "The models beside each other");
        if (_evaluations.Any(evaluation => evaluation.Report.Sets.Count > 0))
        {
            page.Picture(plots.Save("exact-match", ExactMatch().Draw()), "Exact match, by evaluation");
        }

        WriteSamples(page, "Sample dialogues", "Prompt", report => report.Dialogues);
        WriteSamples(page, "Plain text, continued", "Text", report => report.Continuations);
        WriteExamples(page);
    }

    private BarPlot ExactMatch()
    {
        var sets = _evaluations.SelectMany(evaluation => evaluation.Report.Sets.Select(set => set.Set)).Distinct(StringComparer.Ordinal);
        return new(
            "Exact match, by evaluation",
            "share of problems answered right; whiskers: one standard error",
            [.. _evaluations.Select(evaluation => evaluation.Name)],
            [.. sets.Select(name => new BarGroup(name, [.. _evaluations.Select(evaluation => Bar(evaluation.Report, name))]))],
            Figure.Percent,
            Figure.PercentTick,
            Maximum: 1);
    }

    private static (double, double?)? Bar(EvaluationReport report, string name) =>
        report.Sets.FirstOrDefault(set => set.Set == name) is { } set ? (set.ExactMatch, set.ExactMatchError) : null;

    private void WriteSamples(MarkdownPage page, string title, string prompt, Func<EvaluationReport, IReadOnlyList<SampledText>> samples)
    {
        var speakers = _evaluations.Where(evaluation => samples(evaluation.Report).Count > 0).ToList();
        var prompts = speakers.SelectMany(speaker => samples(speaker.Report).Select(sample => sample.Prompt)).Distinct(StringComparer.Ordinal).ToList();
        if (prompts.Count > 0)
        {
            page.Heading(3, title);
            page.Table([prompt, .. speakers.Select(speaker => speaker.Name)], prompts.Select(text => (IReadOnlyList<string>)
                [MarkdownPage.Quote(text), .. speakers.Select(speaker => Answer(samples(speaker.Report).FirstOrDefault(sample => sample.Prompt == text)))]));
        }
    }

    private void WriteExamples(MarkdownPage page)
    {
        var problems = _evaluations.SelectMany(evaluation => evaluation.Report.Examples).DistinctBy(example => (example.Set, example.Prompt)).Take(options.Examples).ToList();
        if (problems.Count > 0)
        {
            page.Heading(3, "Sample problems");
            page.Table(["Problem", "Truth", .. _evaluations.Select(evaluation => evaluation.Name)], problems.Select(problem => (IReadOnlyList<string>)
            [
                MarkdownPage.Quote(problem.Prompt),
                MarkdownPage.Quote(problem.Truth),
                .. _evaluations.Select(evaluation => Answer(evaluation.Report.Examples.FirstOrDefault(example => example.Set == problem.Set && example.Prompt == problem.Prompt))),
            ]));
        }
    }

    private static string Answer(SampledText? sample) =>
        sample is null ? "" : $"{MarkdownPage.Quote(sample.Answer)}<br><sub>{(sample.Stopped ? "ended itself" : "cut off")} after {sample.Tokens} tokens</sub>";

    private static string Answer(AnsweredProblem? example) =>
        example is null ? "" : $"{(example.Score >= 1 ? "\u2713" : "\u2717")} {MarkdownPage.Quote(example.Answer, 120)}{(example.Stopped ? "" : "<br><sub>cut off</sub>")}";
}
