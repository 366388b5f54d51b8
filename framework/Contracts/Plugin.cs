using System.Text.Json;

namespace Experiments.Contracts;

/// <summary>
/// A nested plugin in an option. It is bound and checked when the recipe is read, and created when the stage runs.
/// </summary>
/// <typeparam name="T">The kind: an interface with a <see cref="PluginKindAttribute"/>.</typeparam>
/// <remarks>
/// An option of this type, or a list of it, is written in recipes as <c>{ use: NAME, option: value ... }</c>, or as the
/// name alone.
/// </remarks>
public sealed class Plugin<T>(string name, JsonElement recipe, Func<T> create)
    where T : class
{
    /// <summary>The plugin's name.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// The plugin with all its resolved options, as canonical JSON: <c>{"use": NAME, ...}</c>. Artifacts store it, so
    /// that the plugin can be created again.
    /// </summary>
    public JsonElement Recipe { get; } = recipe;

    /// <summary>Creates a new instance.</summary>
    public T Create() => create();
}

/// <summary>Creates plugins from their stored descriptions.</summary>
public interface IPluginSource
{
    /// <summary>Creates the plugin that a <see cref="Plugin{T}.Recipe"/> describes.</summary>
    /// <exception cref="InvalidDataException">
    /// The plugin does not exist, or does not have one of the options.
    /// </exception>
    T Create<T>(JsonElement recipe)
        where T : class;

    /// <summary>One instance of every plugin of a kind, with default options, ordered by name.</summary>
    IReadOnlyList<T> All<T>()
        where T : class;
}
