namespace Experiments.Contracts;

/// <summary>
/// Marks an interface whose implementations are plugins, and names the kind in messages: "filter 'language'".
/// </summary>
/// <param name="name">The kind's name, kebab-case: stage, filter, model, reward ...</param>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class PluginKindAttribute(string name) : Attribute
{
    /// <summary>The kind's name.</summary>
    public string Name { get; } = name;
}
