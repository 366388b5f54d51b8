using System.Text.Json;

namespace Experiments.Contracts;

/// <summary>A nested plugin as a recipe asks for it: bound and checked when the recipe is read, created when the stage runs.</summary>
/// <typeparam name="T">The kind: an interface with a <see cref="PluginKindAttribute"/>.</typeparam>
/// <remarks>An option of this type, or a list of it, is written <c>{ use: NAME, option: value ... }</c>, or as the bare name.</remarks>
public sealed class Plugin<T>(string name, JsonElement recipe, Func<T> create)
    where T : class
{
    /// <summary>The plugin's name.</summary>
    public string Name { get; } = name;

    /// <summary>The plugin with all its resolved options, as canonical JSON: <c>{"use": NAME, ...}</c>. Artifacts keep it to make the plugin again.</summary>
    public JsonElement Recipe { get; } = recipe;

    /// <summary>Makes a new instance.</summary>
    public T Create() => create();
}

/// <summary>Makes plugins from what artifacts remember of them.</summary>
public interface IPluginSource
{
    /// <summary>Makes the plugin that <see cref="Plugin{T}.Recipe"/> describes.</summary>
    /// <exception cref="InvalidDataException">No such plugin, or an option that it does not have.</exception>
    T Create<T>(JsonElement recipe)
        where T : class;

    /// <summary>One instance of every plugin of a kind, with default options, ordered by name.</summary>
    IReadOnlyList<T> All<T>()
        where T : class;
}
