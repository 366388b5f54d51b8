using System.Collections.Concurrent;
using Experiments.Contracts.Running;
using Experiments.Engine.Plugins;

namespace Experiments.Engine.Workers;

/// <summary>Records metrics, and warns once about each one that the stage's plugins do not declare.</summary>
public sealed class WatchedMetrics(IMetrics metrics, StageMetrics declared, IStageLog log) : IMetrics
{
    private readonly ConcurrentDictionary<string, bool> _seen = [];

    /// <inheritdoc/>
    public void Log(string name, double value, long? step = null)
    {
        metrics.Log(name, value, step);
        if (_seen.TryAdd(name, true) && !declared.Allow(name))
        {
            log.Warn($"the metric '{name}' is not declared, so gates and sweeps cannot name it: add [Metric(\"{name}\")] to the plugin that it comes from");
        }
    }
}
