using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Checks the metrics that a recipe names, before anything runs.</summary>
internal static class MetricCheck
{
    private const int LongestList = 10;
    private const int NearestCount = 5;

    /// <summary>What is wrong with naming a metric of a stage, or null if the stage records it or may record it.</summary>
    public static string? Problem(BoundStage stage, string metric)
    {
        if (StageMetrics.Of(stage.Plugin, stage.Plugins).Declared is not { } declared)
        {
            return null;
        }

        List<MetricDescription> recorded = [.. declared.Where(each => Missing(stage, each) is null).SelectMany(each => Named(stage, each))];
        return recorded.Any(each => each.Covers(metric)) ? null
            : declared.FirstOrDefault(each => each.Covers(metric)) is { } other && Missing(stage, other) is { } input
                ? $"'{stage.Plugin.Name}' records '{metric}' only with the input '{input}', which this stage does not have."
            : Unknown(stage, metric, [.. recorded.Select(each => each.Name)]);
    }

    /// <summary>The input that a metric needs and the stage does not have, or null.</summary>
    private static string? Missing(BoundStage stage, MetricDescription metric) =>
        stage.Inputs.Any(input => input.Name == metric.NeedsInput) ? null : metric.NeedsInput;

    /// <summary>The metric, or if its part in braces is an input, one metric for each name of that input.</summary>
    private static IEnumerable<MetricDescription> Named(BoundStage stage, MetricDescription metric) =>
        stage.Plugin.Inputs.FirstOrDefault(each => each.Cardinality == InputCardinality.Map && each.Name == metric.Part) is { } input
            ? stage.Inputs.Where(each => each.Name == input.Name).SelectMany(each => each.Sources)
                .Select(source => metric.Of(source.Label!))
            : [metric];

    private static string Unknown(BoundStage stage, string metric, IReadOnlyList<string> names)
    {
        var plugin = stage.Plugin.Name;
        return names.Count == 0 ? $"'{plugin}' records no metrics, so there is no '{metric}'."
            : names.Count <= LongestList ? Suggestion.No("metric", metric, $"metrics of '{plugin}'", names)
            : $"{Suggestion.No("metric", metric, $"the nearest of {names.Count} metrics", Suggestion.Ranked(metric, names).Take(NearestCount))} `lab plugins {plugin}` lists all.";
    }
}
