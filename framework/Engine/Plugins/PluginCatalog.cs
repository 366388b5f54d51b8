using System.Reflection;
using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Engine.Plugins.Foreign;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>
/// All plugins, by kind and name. The plugins of plugin files are described, but not made, until the catalog is
/// <see cref="Trusted"/>.
/// </summary>
public sealed class PluginCatalog : IPluginSource
{
    private readonly SortedList<string, SortedList<string, PluginDescription>> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, RecordShape> _records = [];
    private readonly IReadOnlyList<Assembly> _assemblies;
    private readonly Lazy<IReadOnlyDictionary<string, Type>> _artifactTypes;
    private readonly IReadOnlyList<(Assembly Assembly, string? Source)> _added;
    private readonly DocumentationFile _documentation;
    private readonly OptionReflection _options;
    private Lazy<PluginCatalog>? _running;

    private PluginCatalog(IEnumerable<Assembly> assemblies)
    {
        _assemblies = [.. assemblies];
        _artifactTypes = new(ReadArtifactTypes);
        _documentation = new DocumentationFile();
        _options = new OptionReflection(_documentation, ForeignCode.Except(_assemblies));
        _added = [];
        foreach (var plugin in _assemblies.SelectMany(assembly => PluginReflection.Describe(assembly, source: null, isShipped: true, _options, _documentation)))
        {
            if (!TryAdd(plugin))
            {
                throw new InvalidPluginException($"Two plugins have the same kind and name, {plugin.Kind} '{plugin.Name}': {_kinds[plugin.Kind][plugin.Name].Type} and {plugin.Type}.");
            }
        }
    }

    private PluginCatalog(PluginCatalog other, OptionReflection options, params IReadOnlyList<(Assembly Assembly, string? Source)> more)
    {
        _assemblies = [.. other._assemblies, .. more.Select(added => added.Assembly)];
        _added = [.. other._added, .. more];
        _artifactTypes = new(ReadArtifactTypes);
        (_documentation, _options, IsPartial) = (other._documentation, options, other.IsPartial);
        foreach (var plugin in other.Plugins)
        {
            TryAdd(plugin);
        }
    }

    private PluginCatalog(PluginCatalog other, OptionReflection options)
    {
        _assemblies = [.. other._assemblies.Except(other._added.Select(added => added.Assembly))];
        _added = [];
        _artifactTypes = new(ReadArtifactTypes);
        (_documentation, _options, IsPartial) = (other._documentation, options, other.IsPartial);
        foreach (var plugin in other.Plugins.Where(plugin => _assemblies.Contains(plugin.Type.Assembly)))
        {
            TryAdd(plugin);
        }
    }

    /// <summary>All plugins, by kind and name.</summary>
    public IEnumerable<PluginDescription> Plugins => _kinds.Values.SelectMany(kind => kind.Values);

    /// <summary>The plugins of the assemblies <c>Experiments.Plugins.*.dll</c> in a folder.</summary>
    /// <exception cref="InvalidPluginException">A class breaks the rules for plugins, or two plugins have the same kind
    /// and name.</exception>
    public static PluginCatalog FromFolder(string folder) =>
        new(Directory.GetFiles(folder, "Experiments.Plugins.*.dll").Order(StringComparer.Ordinal).Select(PluginReflection.Load));

    /// <summary>The plugins of the given assemblies.</summary>
    /// <exception cref="InvalidPluginException">A class breaks the rules for plugins, or two plugins have the same kind
    /// and name.</exception>
    public static PluginCatalog FromAssemblies(params IEnumerable<Assembly> assemblies) => new(assemblies);

    /// <summary>
    /// Whether some plugin file could not be added, which was reported. A plugin that is not found may be in that file.
    /// </summary>
    internal bool IsPartial { get; private init; }

    /// <summary>A copy with the plugins of one more file. None of its code is run.</summary>
    /// <exception cref="InvalidPluginException">
    /// The file has no plugins, one of them breaks the rules for plugins, or a plugin of the same kind and name already
    /// exists.
    /// </exception>
    public PluginCatalog With(PluginFile file)
    {
        if (file.Documentation is { } documentation)
        {
            _documentation.Add(file.Assembly, documentation);
        }

        return With(file.Assembly, file.Source);
    }

    /// <summary>
    /// A copy that also makes the plugins of plugin files, after the user trusted the files. Their code runs when the
    /// first of them is made, not before.
    /// </summary>
    public PluginCatalog Trusted() => new(this, _options, []) { _running = new(InWorker) };

    /// <summary>A copy with the plugins of more assemblies, which runs their code, for a worker.</summary>
    /// <exception cref="InvalidPluginException">
    /// An assembly has no plugins, one of them breaks the rules for plugins, or a plugin of the same kind and name
    /// already exists.
    /// </exception>
    public PluginCatalog WithAssemblies(IEnumerable<string> paths) =>
        paths.Aggregate(new PluginCatalog(this, Trusting()), (catalog, path) => catalog.With(PluginReflection.Load(path), source: null));

    /// <summary>A copy that is marked as <see cref="IsPartial"/>.</summary>
    internal PluginCatalog AsPartial() => new(this, _options, []) { IsPartial = true };

    /// <summary>The plugins of a kind, by name.</summary>
    /// <param name="kind">The kind's name: stage, filter ...</param>
    public IReadOnlyCollection<PluginDescription> OfKind(string kind) => _kinds.TryGetValue(kind, out var plugins) ? plugins.Values.AsReadOnly() : [];

    /// <summary>A plugin, or null.</summary>
    public PluginDescription? Find(string kind, string name) => _kinds.TryGetValue(kind, out var plugins) ? plugins.GetValueOrDefault(name) : null;

    /// <summary>
    /// Finds an artifact type by name, among those of the contracts and of the plugins; null when there is none.
    /// </summary>
    /// <exception cref="InvalidPluginException">Two types have the same name.</exception>
    public Type? FindArtifactType(string name) => _artifactTypes.Value.GetValueOrDefault(name);

    /// <summary>Makes a plugin.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="options">Its options record, or null when it has none.</param>
    /// <exception cref="ForeignPluginException">It comes from a plugin file, and the catalog is not trusted.</exception>
    public object Create(PluginDescription plugin, object? options) => plugin.Create(options);

    /// <inheritdoc/>
    public T Create<T>(JsonElement recipe)
        where T : class
    {
        var kind = PluginReflection.KindOf(typeof(T));
        return recipe.ValueKind == JsonValueKind.Object
            && recipe.TryGetProperty("use", out var use)
            && use.ValueKind == JsonValueKind.String
            && Find(kind, use.GetString()!) is null
            ? throw new InvalidDataException($"{Suggestion.No(kind, use.GetString()!, kind + "s", OfKind(kind).Select(plugin => plugin.Name))} If it is in a plugin file, name that file: plugins: [FILE] in the recipe, or --plugin FILE.")
            : Create<T>(JsonRecipe.Read(recipe, SourceLocation.Of("plugin recipe")));
    }

    /// <inheritdoc/>
    /// <remarks>Plugins of plugin files are left out unless the catalog is trusted.</remarks>
    public IReadOnlyList<T> All<T>()
        where T : class =>
        [.. OfKind(PluginReflection.KindOf(typeof(T))).Where(plugin => Makes(plugin) && plugin.Type.IsAssignableTo(typeof(T)))
            .Select(plugin => Create<T>(new ScalarNode(SourceLocation.Of("default options"), plugin.Name)))];

    /// <summary>Whether an artifact type comes from a plugin file whose code is not run in this process.</summary>
    public bool IsForeign(Type artifactType) => _running is null && _options.Foreign.Contains(artifactType);

    /// <summary>Whether this catalog makes a plugin; otherwise it only describes it.</summary>
    public bool Makes(PluginDescription plugin) => !plugin.IsForeign || _running is not null;

    private OptionReflection Trusting() => new(_documentation, ForeignCode.None);

    /// <summary>
    /// A copy that has the plugins of plugin files as a worker has them: their rules are checked, and their records are
    /// made, by their own code, which is loaded like the program's own.
    /// </summary>
    public PluginCatalog InWorker() => _added.Aggregate(
        new PluginCatalog(this, Trusting()),
        (catalog, added) => catalog.With(added.Assembly.Location is { Length: > 0 } path ? PluginReflection.Load(path) : added.Assembly, added.Source));

    /// <summary>The shape of an options record that belongs to no plugin.</summary>
    internal RecordShape ShapeOf(Type record) => _records.TryGetValue(record, out var shape) ? shape : _records[record] = _options.RecordOf(record);

    private PluginCatalog With(Assembly assembly, string? source)
    {
        IReadOnlyList<PluginDescription> plugins = [.. PluginReflection.Describe(assembly, source, isShipped: false, _options, _documentation)];
        if (plugins.Count == 0)
        {
            throw new InvalidPluginException("it has no plugins. A plugin is a public class with [Plugin(\"name\")].");
        }

        var catalog = new PluginCatalog(this, _options, (assembly, source));
        _ = catalog._artifactTypes.Value;
        foreach (var plugin in plugins)
        {
            if (!catalog.TryAdd(plugin))
            {
                throw new InvalidPluginException($"there is a {plugin.Kind} '{plugin.Name}' already: {Find(plugin.Kind, plugin.Name)?.Type ?? plugin.Type}. Give yours another name.");
            }

            _ = (plugin.Inputs, plugin.Outputs, plugin.Options, plugin.Metrics); // read by reflection at the first access: report what is wrong with them here
        }

        return catalog;
    }

    private IReadOnlyDictionary<string, Type> ReadArtifactTypes()
    {
        Dictionary<string, Type> types = new(StringComparer.Ordinal);
        foreach (var type in _assemblies.Prepend(typeof(Artifact).Assembly).SelectMany(PluginReflection.ArtifactTypes))
        {
            if (!types.TryAdd(type.Name, type))
            {
                throw new InvalidPluginException($"there is an artifact type '{type.Name}' already: {types[type.Name]}. Give yours another name.");
            }
        }

        return types;
    }

    private bool TryAdd(PluginDescription plugin)
    {
        if (!_kinds.TryGetValue(plugin.Kind, out var plugins))
        {
            _kinds[plugin.Kind] = plugins = new(StringComparer.Ordinal);
        }

        return plugins.TryAdd(plugin.Name, plugin);
    }

    private T Create<T>(RecipeNode recipe)
        where T : class
    {
        var problems = new RecipeProblems();
        var bound = new OptionsBinder(this, problems).BindPlugin(PluginReflection.KindOf(typeof(T)), recipe, "");
        if (_running is not null && bound is not null && NestedPlugins.Of(this, bound.Plugin, bound.Full).Any(plugin => plugin.IsForeign))
        {
            return _running.Value.Create<T>(recipe);
        }

        return problems.Count == 0 && bound is not null
            ? Create(bound.Plugin, bound.Value) as T ?? throw new InvalidDataException($"{bound.Plugin.Kind} '{bound.Plugin.Name}' is not a {typeof(T)}.")
            : throw new InvalidDataException(string.Join('\n', problems));
    }
}
