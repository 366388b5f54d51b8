namespace Experiments.Contracts;

/// <summary>The nested plugin that is used if the recipe names none.</summary>
/// <param name="name">A plugin of the option's kind. Its own options have their defaults.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultUseAttribute(string name) : Attribute
{
    /// <summary>The plugin's name.</summary>
    public string Name { get; } = name;
}
