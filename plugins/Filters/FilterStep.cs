using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// A filter as a step of a list: it has a name, its time is measured, and its exceptions name the document.
/// </summary>
internal sealed class FilterStep(string name, IDocumentFilter filter)
{
    private long _ticks;

    /// <summary>The plugin's name; the second step of the same plugin is called <c>NAME-2</c>.</summary>
    public string Name { get; } = name;

    public bool IsOrdered => filter is IOrderedDocumentFilter;

    /// <summary>Time spent in the filter, summed over threads. Unit: seconds.</summary>
    public double Seconds
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _ticks)).TotalSeconds;
        set => _ticks = TimeSpan.FromSeconds(value).Ticks;
    }

    public static IReadOnlyList<FilterStep> CreateAll(IEnumerable<Plugin<IDocumentFilter>> plugins)
    {
        var uses = new Dictionary<string, int>();
        return [.. plugins.Select(plugin =>
        {
            var use = uses[plugin.Name] = uses.GetValueOrDefault(plugin.Name) + 1;
            return new FilterStep(use == 1 ? plugin.Name : $"{plugin.Name}-{use}", plugin.Create());
        })];
    }

    public Verdict Apply(Document document, TimeProvider time)
    {
        var started = time.GetTimestamp();
        try
        {
            return filter.Apply(document);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            var message = $"filter '{Name}' failed on document {document.Id} ({document.Url ?? "no url"}): {problem.Message}";
            throw problem is IOException ? new IOException(message, problem) : new InvalidOperationException(message, problem);
        }
        finally
        {
            Interlocked.Add(ref _ticks, time.GetElapsedTime(started).Ticks);
        }
    }

    public void Save(string folder)
    {
        if (filter is IOrderedDocumentFilter ordered)
        {
            using var stream = File.Create(StateFile(folder));
            ordered.Save(stream);
        }
    }

    public void Load(string folder)
    {
        if (filter is IOrderedDocumentFilter ordered)
        {
            using var stream = File.OpenRead(StateFile(folder));
            ordered.Load(stream);
        }
    }

    private string StateFile(string folder) => Path.Combine(folder, $"step-{Name}.state");
}
