using Experiments.Contracts.Reports;
using Experiments.Contracts.Running;

namespace Experiments.Plugins.Reporting;

/// <summary>The part of the page about one stage: its results, plots and options.</summary>
internal sealed class StageSection(ReportedStage stage, ReportOptions options, PlotFolder plots)
{
    private const int MostReasons = 16;
    private const int FewestPoints = 3;
    private const string Dropped = MetricNames.Dropped + "/";

    /// <summary>Writes the section.</summary>
    public void Write(MarkdownPage page)
    {
        page.Heading(2, stage.Name);
        page.Paragraph(stage.Plugin is { } plugin ? $"Made by {MarkdownPage.Code(plugin)}: {MarkdownPage.Quote(stage.Type)}." : $"{MarkdownPage.Quote(stage.Type)} from outside.");
        page.Table(["Metric", "Result", "Course"], Rows());
        page.Table(
            ["Problems", "Number", "Exact match", "Ended itself", "Tokens an answer", "Gain"],
            stage.Evaluation?.Sets.Select(Row) ?? []);
        if (DropPlot() is { } drops)
        {
            page.Picture(plots.Save($"{stage.Name}-dropped", drops.Draw()), $"Documents dropped in {stage.Name}, by reason");
        }

        page.Pictures(PlotChoice.Of(stage, options.PlotsPerStage).Select((plot, i) => (plots.Save($"{stage.Name}-{i + 1}", plot.Draw()), plot.Title)));
        if (options.Times && stage.Times.Count > 0)
        {
            page.Paragraph($"Measured on this machine: {string.Join(", ", stage.Times.Select(pair => $"{MarkdownPage.Code(pair.Key)} {Figure.Text(pair.Value)}"))}.");
        }

        if (stage.Options is { } settings)
        {
            page.Folded("Options", "json", settings);
        }
    }

    private IEnumerable<IReadOnlyList<string>> Rows()
    {
        foreach (var (name, value) in stage.Results.Where(result => !result.Key.Contains('/', StringComparison.Ordinal)))
        {
            yield return [MarkdownPage.Code(name), Figure.Of(name, value), stage.Courses.TryGetValue(name, out var course) && course.Count >= FewestPoints ? Describe(name, course) : ""];
        }

        // The parts of a metric share a row; dropped documents have a plot, problem sets a table of their own.
        foreach (var parts in stage.Results.Where(result => result.Key.Contains('/', StringComparison.Ordinal)).GroupBy(result => result.Key.Split('/')[0], StringComparer.Ordinal)
            .Where(parts => !(parts.Key is MetricNames.ExactMatch or MetricNames.ExactMatchGain && stage.Evaluation is not null) && !(parts.Key == MetricNames.Dropped && DropPlot() is not null)))
        {
            yield return [MarkdownPage.Code(parts.Key + "/"), string.Join(", ", parts.Select(part => $"{MarkdownPage.Quote(part.Key[(parts.Key.Length + 1)..])}\u00a0{Figure.Of(part.Key, part.Value)}")), ""];
        }
    }

    private static string Describe(string name, IReadOnlyList<(double Step, double Value)> course)
    {
        var (low, high) = (course.Min(point => point.Value), course.Max(point => point.Value));
        return $"{Figure.Of(name, course[0].Value)} \u2192 {Figure.Of(name, course[^1].Value)}, steps {Figure.Text(course[0].Step)} to {Figure.Text(course[^1].Step)} "
            + $"(least {Figure.Of(name, low)}, greatest {Figure.Of(name, high)})";
    }

    private static IReadOnlyList<string> Row(EvaluatedSet set) =>
    [
        MarkdownPage.Quote(set.Set),
        Figure.Text(set.Problems),
        $"{Figure.Percent(set.ExactMatch)} \u00b1 {Figure.OneDigit(set.ExactMatchError * 100)}",
        Figure.Percent(set.StoppedShare),
        Figure.OneDigit(set.MeanCompletionTokens),
        set.ExactMatchGain is { } gain ? $"{Figure.Points(gain)} \u00b1 {Figure.OneDigit((set.ExactMatchGainError ?? 0) * 100)}" : "",
    ];

    private BarPlot? DropPlot()
    {
        var reasons = stage.Results.Where(result => result.Key.StartsWith(Dropped, StringComparison.Ordinal) && result.Value > 0)
            .Select(result => (Reason: result.Key[Dropped.Length..].Replace('_', ' '), Count: result.Value))
            .OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Reason, StringComparer.Ordinal).ToList();
        if (reasons.Count == 0)
        {
            return null;
        }

        if (reasons.Count > MostReasons)
        {
            reasons = [.. reasons.Take(MostReasons - 1), ($"{reasons.Count - MostReasons + 1} other reasons", reasons.Skip(MostReasons - 1).Sum(pair => pair.Count))];
        }

        return new($"Documents dropped, by reason ({stage.Name})", "documents", [""], [.. reasons.Select(pair => new BarGroup(pair.Reason, [(pair.Count, null)]))], Figure.Text, Figure.Tick);
    }
}
