namespace Experiments.Engine.Plugins;

/// <summary>The metrics that a stage records: those that its plugin and the plugins in its options declare.</summary>
public sealed class StageMetrics
{
    private StageMetrics(IReadOnlyList<MetricDescription>? declared) => Declared = declared;

    /// <summary>
    /// The declared metrics, without the patterns whose names other plugins declare. Null when the stage comes from a
    /// plugin file and declares none: it may record anything.
    /// </summary>
    public IReadOnlyList<MetricDescription>? Declared { get; }

    /// <summary>The metrics of a stage.</summary>
    /// <param name="stage">The stage's plugin.</param>
    /// <param name="plugins">The plugins in its options.</param>
    public static StageMetrics Of(PluginDescription stage, IEnumerable<PluginDescription> plugins)
    {
        List<PluginDescription> nested = [.. plugins.Where(plugin => plugin != stage)];
        return new(stage.DeclaresNothing ? null :
        [
            .. stage.Metrics.Where(metric => metric.DeclaredBy is not { } kind || nested.Any(plugin => plugin.Kind == kind && plugin.DeclaresNothing)),
            .. nested.SelectMany(plugin => plugin.Metrics).DistinctBy(metric => metric.Name),
        ]);
    }

    /// <summary>Whether the stage may record a metric of this name.</summary>
    public bool Allow(string name) => Declared is null || Declared.Any(metric => metric.Covers(name));
}
