using Experiments.Plugins.Reporting.Plots;

namespace Experiments.Plugins.Reporting;

/// <summary>Chooses what of a stage's metrics is plotted over its steps: the telling ones together, in a fixed order, then what is left.</summary>
internal static class PlotChoice
{
    // Title, unit, and the metrics that belong into one plot, by the part of their name before a slash.
    private static readonly (string Title, string Unit, string[] Metrics)[] Telling =
    [
        ("Loss", "nats per token", ["loss", "validation_loss"]),
        ("Bits per byte, held out", "bits per UTF-8 byte", ["bits_per_byte"]),
        ("Reward", "mean reward of an answer", ["reward", "validation_reward", "reward_mean"]),
        ("Exact match", "share of problems", ["exact_match", "validation_exact_match", "accuracy", "validation_accuracy"]),
        ("KL divergence from the start", "nats per token", ["kl", "kl_divergence"]),
        ("Entropy", "nats per token", ["entropy"]),
        ("Answers that ended themselves", "share", ["stopped_share"]),
        ("Length of answers", "tokens", ["mean_completion_tokens", "completion_tokens"]),
        ("Learning rate", "learning rate", ["learning_rate"]),
        ("Gradient norm", "L2 norm before clipping", ["gradient_norm", "grad_norm"]),
    ];

    private const int FewestPoints = 3;
    private const int MostLines = 5;

    /// <summary>At most so many plots.</summary>
    public static IReadOnlyList<LinePlot> Of(ReportedStage stage, int maximum)
    {
        var courses = stage.Courses.Where(course => course.Value.Count >= FewestPoints).ToList();
        var chosen = Telling
            .Select(plot => (plot.Title, plot.Unit, Courses: courses.Where(course => plot.Metrics.Contains(Stem(course.Key))).OrderBy(course => Array.IndexOf(plot.Metrics, Stem(course.Key))).ToList()))
            .Where(plot => plot.Courses.Count > 0).ToList();
        var rest = courses.Where(course => !IsCounter(course.Value) && !Telling.Any(plot => plot.Metrics.Contains(Stem(course.Key))))
            .GroupBy(course => Stem(course.Key), StringComparer.Ordinal)
            .Select(group => (Title: Words(group.Key), Unit: Words(group.Key).ToLowerInvariant(), Courses: group.ToList()));
        return [.. chosen.Concat(rest).Take(maximum)
            .Select(plot => new LinePlot($"{plot.Title} ({stage.Name})", "step", plot.Unit, [.. plot.Courses.Take(MostLines).Select(course => new Series(Words(course.Key), course.Value))]))];
    }

    private static string Stem(string metric) => metric.Split('/')[0];

    private static string Words(string metric) => string.Concat(metric[..1].ToUpperInvariant(), metric[1..]).Replace('_', ' ').Replace("/", ": ", StringComparison.Ordinal);

    /// <summary>Whether a metric only counts upwards in proportion to the steps, as tokens seen do: a straight line tells nothing.</summary>
    private static bool IsCounter(IReadOnlyList<(double Step, double Value)> course)
    {
        var slopes = course.Zip(course.Skip(1), (one, next) => (next.Value - one.Value) / (next.Step - one.Step)).ToList();
        return slopes.Max() - slopes.Min() <= 1e-3 * Math.Abs(slopes.Max());
    }
}
