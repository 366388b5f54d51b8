using System.Reflection;
using System.Text.Json;
using Experiments.Contracts;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Plugins;

/// <summary>All plugins, by kind and name.</summary>
public sealed class PluginCatalog : IPluginSource
{
    private readonly SortedDictionary<string, SortedDictionary<string, PluginDescription>> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, RecordShape> _records = [];
    private readonly OptionReflection _options;

    private PluginCatalog(IEnumerable<Assembly> assemblies)
    {
        var documentation = new DocumentationFile();
        _options = new OptionReflection(documentation);
        foreach (var plugin in assemblies.SelectMany(assembly => PluginReflection.Describe(assembly, _options, documentation)))
        {
            if (!_kinds.TryGetValue(plugin.Kind, out var plugins))
            {
                _kinds[plugin.Kind] = plugins = new(StringComparer.Ordinal);
            }

            if (!plugins.TryAdd(plugin.Name, plugin))
            {
                throw new InvalidPluginException($"Two plugins are named {plugin.Kind} '{plugin.Name}': {plugins[plugin.Name].Type} and {plugin.Type}.");
            }
        }
    }

    /// <summary>All plugins, by kind and name.</summary>
    public IEnumerable<PluginDescription> Plugins => _kinds.Values.SelectMany(kind => kind.Values);

    /// <summary>The plugins of the assemblies <c>Experiments.Plugins.*.dll</c> in a folder.</summary>
    /// <exception cref="InvalidPluginException">A class breaks the rules for plugins, or two share kind and name.</exception>
    public static PluginCatalog FromFolder(string folder) =>
        new(Directory.GetFiles(folder, "Experiments.Plugins.*.dll").Order(StringComparer.Ordinal).Select(PluginReflection.Load));

    /// <summary>The plugins of the given assemblies.</summary>
    /// <exception cref="InvalidPluginException">A class breaks the rules for plugins, or two share kind and name.</exception>
    public static PluginCatalog FromAssemblies(params IEnumerable<Assembly> assemblies) => new(assemblies);

    /// <summary>The plugins of a kind, by name.</summary>
    /// <param name="kind">The kind's name: stage, filter ...</param>
    public IReadOnlyCollection<PluginDescription> OfKind(string kind) => _kinds.TryGetValue(kind, out var plugins) ? plugins.Values : [];

    /// <summary>A plugin, or null.</summary>
    public PluginDescription? Find(string kind, string name) => _kinds.TryGetValue(kind, out var plugins) ? plugins.GetValueOrDefault(name) : null;

    /// <summary>Makes a plugin.</summary>
    /// <param name="plugin">Which.</param>
    /// <param name="options">Its options record, or null when it has none.</param>
    public object Create(PluginDescription plugin, object? options) => plugin.Create(options);

    /// <inheritdoc/>
    public T Create<T>(JsonElement recipe)
        where T : class => Create<T>(JsonRecipe.Read(recipe, SourceLocation.Of("plugin recipe")));

    /// <inheritdoc/>
    public IReadOnlyList<T> All<T>()
        where T : class =>
        [.. OfKind(PluginReflection.KindOf(typeof(T))).Where(plugin => plugin.Type.IsAssignableTo(typeof(T)))
            .Select(plugin => Create<T>(new ScalarNode(SourceLocation.Of("default options"), plugin.Name)))];

    /// <summary>The shape of an options record that belongs to no plugin.</summary>
    internal RecordShape ShapeOf(Type record) => _records.TryGetValue(record, out var shape) ? shape : _records[record] = _options.RecordOf(record);

    private T Create<T>(RecipeNode recipe)
        where T : class
    {
        var problems = new RecipeProblems();
        var bound = new OptionsBinder(this, problems).BindPlugin(PluginReflection.KindOf(typeof(T)), recipe, "");
        return problems.Count == 0 && bound is not null
            ? Create(bound.Plugin, bound.Value) as T ?? throw new InvalidDataException($"{bound.Plugin.Kind} '{bound.Plugin.Name}' is no {typeof(T)}.")
            : throw new InvalidDataException(string.Join('\n', problems));
    }
}
