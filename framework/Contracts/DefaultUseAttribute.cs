namespace Experiments.Contracts;

/// <summary>The nested plugin that stands when the recipe names none.</summary>
/// <param name="name">A plugin of the option's kind; its own options stand at their defaults.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultUseAttribute(string name) : Attribute
{
    /// <summary>The plugin's name.</summary>
    public string Name { get; } = name;
}
