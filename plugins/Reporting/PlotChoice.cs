using Experiments.Contracts.Reports;
using Experiments.Contracts.Running;

namespace Experiments.Plugins.Reporting;

/// <summary>
/// Chooses which of a stage's metrics are plotted over its steps: first the known ones, grouped and in a fixed order,
/// then all others.
/// </summary>
internal static class PlotChoice
{
    // Title, unit, and the metrics that belong in one plot, by their whole name or by the part before the slash.
    private static readonly (string Title, string Unit, string[] Metrics)[] Telling =
    [
        ("Loss", "nats per token", [MetricNames.Loss, MetricNames.ValidationLoss]),
        ("Bits per byte, held out", "bits per UTF-8 byte", [MetricNames.BitsPerByte]),
        ("Reward", "mean reward of an answer", [MetricNames.Reward]),
        ("Exact match", "share of problems", [MetricNames.ExactMatch]),
        ("KL divergence from the start", "nats per token", [MetricNames.Kl]),
        ("Entropy", "nats per token", [MetricNames.Entropy]),
        ("Length of answers", "tokens", [MetricNames.MeanRolloutTokens, MetricNames.MeanCompletionTokens]),
        ("Answers cut off at the limit", "share of answers", [MetricNames.ClippedShare]),
        ("Prompts whose answers all score the same", "share of prompts", [MetricNames.EqualRewardShare]),
        ("Learning rate", "learning rate", [MetricNames.LearningRate]),
        ("Gradient norm", "L2 norm before clipping", [MetricNames.GradientNorm]),
    ];

    private const int FewestPoints = 3;
    private const int MostLines = 5;

    /// <summary>Chooses at most <paramref name="maximum"/> plots.</summary>
    public static IReadOnlyList<LinePlot> Of(ReportedStage stage, int maximum)
    {
        // The loss of a policy gradient does not show progress.
        var courses = stage.Courses.Where(course => course.Value.Count >= FewestPoints && !(course.Key == MetricNames.Loss && stage.Courses.ContainsKey(MetricNames.Reward))).ToList();
        var chosen = Telling
            .Select(plot => (plot.Title, plot.Unit, Courses: courses.Where(course => Place(plot.Metrics, course.Key) >= 0).OrderBy(course => Place(plot.Metrics, course.Key)).ToList()))
            .Where(plot => plot.Courses.Count > 0).ToList();
        var rest = courses.Where(course => !IsCounter(course.Value) && Telling.All(plot => Place(plot.Metrics, course.Key) < 0))
            .GroupBy(course => Stem(course.Key), StringComparer.Ordinal)
            .Select(group => (Title: Words(group.Key), Unit: Words(group.Key).ToLowerInvariant(), Courses: group.ToList()));
        return [.. chosen.Concat(rest).Take(maximum)
            .Select(plot => new LinePlot($"{plot.Title} ({stage.Name})", "step", plot.Unit, [.. plot.Courses.Take(MostLines).Select(course => new Series(Words(course.Key), course.Value))]))];
    }

    private static int Place(string[] metrics, string metric) => Array.FindIndex(metrics, each => each == metric || each == Stem(metric));

    private static string Stem(string metric) => metric.Split('/')[0];

    private static string Words(string metric) => string.Concat(metric[..1].ToUpperInvariant(), metric[1..]).Replace('_', ' ').Replace("/", ": ", StringComparison.Ordinal);

    /// <summary>
    /// Whether a metric grows in proportion to the steps, like the number of tokens seen. A plot of it would be an
    /// uninformative straight line.
    /// </summary>
    private static bool IsCounter(IReadOnlyList<(double Step, double Value)> course)
    {
        var slopes = course.Zip(course.Skip(1), (one, next) => (next.Value - one.Value) / (next.Step - one.Step)).ToList();
        return slopes.Max() - slopes.Min() <= 1e-3 * Math.Abs(slopes.Max());
    }
}
