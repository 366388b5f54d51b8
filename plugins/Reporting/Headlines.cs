using Experiments.Contracts.Reports;
using Experiments.Contracts.Running;

namespace Experiments.Plugins.Reporting;

/// <summary>One line of the page's first table.</summary>
/// <param name="Figure">Name of the figure.</param>
/// <param name="Value">Formatted value.</param>
/// <param name="Stage">The stage that produced it.</param>
internal sealed record Headline(string Figure, string Value, string Stage);

/// <summary>Finds the figures that summarise a run: documents, tokens, bits per byte, reward, exact match.</summary>
internal static class Headlines
{
    private const string Arrow = " \u2192 ";

    /// <summary>The headlines of the stages, in their order.</summary>
    public static IReadOnlyList<Headline> Of(IEnumerable<ReportedStage> stages) => [.. stages.SelectMany(Of)];

    /// <summary>Describes the run in a few sentences.</summary>
    public static string Summary(IReadOnlyList<ReportedStage> stages)
    {
        List<string> sentences = [];
        if (stages.Where(stage => stage.Result(MetricNames.DocumentsKept) is not null).ToList() is [var first, ..] filters)
        {
            var kept = Figure.Text(filters[^1].Result(MetricNames.DocumentsKept)!.Value);
            sentences.Add(first.Result(MetricNames.DocumentsRead) is { } read ? $"Of {Figure.Text(read)} documents {kept} were kept." : $"{kept} documents were kept.");
        }

        if (stages.FirstOrDefault(stage => stage.Courses.ContainsKey(MetricNames.BitsPerByte)) is { } trained)
        {
            var course = trained.Courses[MetricNames.BitsPerByte];
            sentences.Add($"In {MarkdownPage.Code(trained.Name)} the model went from {Figure.Text(course[0].Value)} to {Figure.Text(course[^1].Value)} bits per byte on held-out text.");
        }

        if (stages.Where(stage => stage.Result(MetricNames.ExactMatch) is not null && stage.Evaluation is not null).ToList() is [_, ..] evaluated)
        {
            var shares = evaluated.Select(stage => $"{Figure.Percent(stage.Results[MetricNames.ExactMatch])} ({MarkdownPage.Code(stage.Name)})");
            sentences.Add($"Share of problems answered right: {string.Join(", then ", shares)}.");
        }

        return string.Join(' ', sentences);
    }

    private static IEnumerable<Headline> Of(ReportedStage stage)
    {
        if (stage.Result(MetricNames.DocumentsKept) is { } kept)
        {
            var read = stage.Result(MetricNames.DocumentsRead);
            yield return new("Documents kept", read > 0 ? $"{Figure.Text(kept)} of {Figure.Text(read.Value)} ({Figure.Percent(kept / read.Value)})" : Figure.Text(kept), stage.Name);
        }

        if (stage.Result(MetricNames.KeepPrecision) is { } precision && stage.Result(MetricNames.KeepRecall) is { } recall)
        {
            yield return new("Filters against the truth", $"precision {Figure.Percent(precision)}, recall {Figure.Percent(recall)}", stage.Name);
        }

        if (stage.Result(MetricNames.Tokens, MetricNames.TrainingTokens) is { } tokens)
        {
            yield return new("Tokens", Figure.Text(tokens), stage.Name);
        }

        if (stage.Courses.TryGetValue(MetricNames.BitsPerByte, out var bits))
        {
            yield return new("Bits per byte, held out", Figure.Text(bits[0].Value) + Arrow + Figure.Text(bits[^1].Value), stage.Name);
        }

        if (stage.Courses.TryGetValue(MetricNames.Reward, out var rewards))
        {
            var tenth = Math.Max(1, rewards.Count / 10);
            yield return new(
                "Reward, first and last tenth",
                Figure.Text(rewards.Take(tenth).Average(point => point.Value)) + Arrow + Figure.Text(rewards.TakeLast(tenth).Average(point => point.Value)),
                stage.Name);
        }

        if (stage.Evaluation is not null && stage.Result(MetricNames.ExactMatch) is { } match)
        {
            yield return new("Exact match", Figure.Percent(match) + Error(stage, MetricNames.ExactMatchError), stage.Name);
        }

        if (stage.Result(MetricNames.ExactMatchGain) is { } gain)
        {
            yield return new("Gain in exact match", Figure.Points(gain) + Error(stage, MetricNames.ExactMatchGainError), stage.Name);
        }
    }

    private static string Error(ReportedStage stage, string metric) => stage.Result(metric) is { } error ? $" \u00b1 {Figure.OneDigit(error * 100)}" : "";
}
