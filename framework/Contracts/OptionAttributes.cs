namespace Experiments.Contracts;

/// <summary>Marks an option that cannot change the output, such as a degree of parallelism: it is no part of the key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RuntimeOnlyAttribute : Attribute;

/// <summary>Marks an option that came after the plugin's first release. At the given value it is left out of the key, so that older keys stay as they were.</summary>
/// <param name="neutral">The value at which the plugin behaves as it did before the option existed.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddedLaterAttribute(object? neutral) : Attribute
{
    /// <summary>The value that changes nothing.</summary>
    public object? Neutral { get; } = neutral;
}

/// <summary>Marks an option whose text, or each of whose texts, names a file: the file's bytes are part of the key, and its name is not. Paths begin at the working directory.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputFileAttribute : Attribute;

/// <summary>The nested plugin that stands when the recipe names none.</summary>
/// <param name="name">A plugin of the option's kind; its own options stand at their defaults.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultUseAttribute(string name) : Attribute
{
    /// <summary>The plugin's name.</summary>
    public string Name { get; } = name;
}
