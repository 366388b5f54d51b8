using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;

namespace Experiments.Engine.Tracking;

/// <summary>Collects journal lines of one run until they are sent together.</summary>
internal sealed class PendingBatch
{
    private readonly Dictionary<string, string> _params = [];
    private readonly Dictionary<string, string> _tags = [];
    private readonly List<MetricPoint> _metrics = [];
    private readonly List<TrackedInput> _inputs = [];

    /// <summary>Adds a line with params, tags, metrics or an input.</summary>
    public void Add(TrackingEntry entry)
    {
        switch (entry)
        {
            case ParamsLogged line:
                foreach (var (name, value) in line.Values)
                {
                    _params.TryAdd(name, value);
                }

                break;
            case TagsSet line:
                foreach (var (name, value) in line.Values)
                {
                    _tags[name] = value;
                }

                break;
            case MetricsLogged line:
                _metrics.AddRange(line.Points.Select(point => point.ToMetric()));
                break;
            case InputLogged line:
                _inputs.Add(new(line.Name, line.Digest, line.Source));
                break;
        }
    }

    /// <summary>What was collected.</summary>
    public TrackedBatch ToBatch() => new() { Params = _params, Tags = _tags, Metrics = _metrics, Inputs = _inputs };
}
