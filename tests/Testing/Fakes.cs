using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Experiments.Contracts;
using Experiments.Contracts.Running;

namespace Experiments.Testing;

/// <summary>Metrics in memory.</summary>
public sealed class RecordedMetrics : IMetrics
{
    private readonly ConcurrentQueue<MetricPoint> _points = [];

    public IEnumerable<MetricPoint> Points => _points;

    /// <summary>The last value of a metric.</summary>
    public double this[string name] => _points.Last(point => point.Name == name).Value;

    public void Log(string name, double value, long? step = null) =>
        _points.Enqueue(new(name, value, step, DateTimeOffset.UnixEpoch));
}

/// <summary>Metrics of a stage; one that it does not declare is an error.</summary>
public sealed class DeclaredMetrics(Type stage, IMetrics metrics) : IMetrics
{
    private readonly IReadOnlyList<MetricAttribute> _declared = [.. stage.GetCustomAttributes<MetricAttribute>()];

    public void Log(string name, double value, long? step = null)
    {
        if (!_declared.Any(metric => metric.Covers(name)))
        {
            throw new InvalidOperationException($"{stage.Name} records the metric '{name}' without a [Metric].");
        }

        metrics.Log(name, value, step);
    }
}

/// <summary>A log in memory.</summary>
public sealed class RecordedLog : IStageLog
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IEnumerable<string> Lines => _lines;

    public void Info(string message) => _lines.Enqueue(message);

    public void Warn(string message) => _lines.Enqueue("warning: " + message);
}

/// <summary>Checkpoints in a folder. The test decides when one is due and when to interrupt.</summary>
public sealed class FolderCheckpoints(string folder) : ICheckpoints
{
    /// <summary>Whether a checkpoint is due at a step. Default: never.</summary>
    public Func<long, bool> IsDue { get; set; } = _ => false;

    /// <summary>The step at which the run is interrupted, or null.</summary>
    public long? InterruptAt { get; set; }

    public StoredCheckpoint? Latest { get; private set; }

    public void SaveIfDue(long step, Action<string> write)
    {
        if (!IsDue(step) && step != InterruptAt)
        {
            return;
        }

        var target = Directory.CreateDirectory(Path.Combine(folder, $"step-{step}")).FullName;
        write(target);
        Latest = new(step, target);
        if (step == InterruptAt)
        {
            throw new OperationCanceledException();
        }
    }
}

/// <summary>
/// Only the given plugins. <see cref="Create"/> creates a new instance of the class that the recipe names, with the
/// recipe's options.
/// </summary>
public sealed class GivenPlugins(params object[] plugins) : IPluginSource
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>A nested plugin that gives a certain instance.</summary>
    public static Plugin<T> Nested<T>(T plugin, object? options = null)
        where T : class
    {
        var name = NameOf(plugin.GetType());
        var recipe = options is null
            ? []
            : JsonSerializer.SerializeToNode(options, options.GetType(), Options)!.AsObject();
        recipe["use"] = name;
        return new(name, JsonSerializer.SerializeToElement(recipe), () => plugin);
    }

    public T Create<T>(JsonElement recipe)
        where T : class
    {
        var type = plugins.OfType<T>().Select(plugin => plugin.GetType())
            .First(type => NameOf(type) == recipe.GetProperty("use").GetString());
        var constructor = type.GetConstructors().Single();
        return (T)constructor.Invoke([.. constructor.GetParameters().Select(parameter => recipe.Deserialize(parameter.ParameterType, Options))]);
    }

    public IReadOnlyList<T> All<T>()
        where T : class => [.. plugins.OfType<T>()];

    private static string NameOf(Type type) => type.GetCustomAttribute<PluginAttribute>()?.Name ?? type.Name;
}
