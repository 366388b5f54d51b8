using Experiments.Contracts.Running;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Experiments.Plugins.Testing;
using Experiments.Testing;

namespace Experiments.Engine.Tests.Workers;

public sealed class WatchedMetricsTests
{
    private static readonly PluginCatalog Catalog = PluginCatalog.FromAssemblies(typeof(TrainStage).Assembly);

    [Fact]
    public void WhatIsNotDeclaredIsRecordedAndWarnedAboutOnce()
    {
        var (recorded, log) = (new RecordedMetrics(), new RecordedLog());
        IMetrics metrics = new WatchedMetrics(recorded, StageMetrics.Of(Catalog.Find("stage", "train")!, []), log);
        foreach (var name in new[] { "loss", "loss/a", "perplexity", "loss", "perplexity" })
        {
            metrics.Log(name, 1);
        }

        recorded.Points.Select(point => point.Name).ShouldBe(["loss", "loss/a", "perplexity", "loss", "perplexity"]);
        log.Lines.ShouldHaveSingleItem().ShouldBe("warning: the metric 'perplexity' is not declared, so gates and sweeps cannot name it: add [Metric(\"perplexity\")] to the plugin that it comes from");
    }
}
