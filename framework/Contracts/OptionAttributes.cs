namespace Experiments.Contracts;

/// <summary>
/// Marks an option that cannot change the output, such as a degree of parallelism. It is not part of the key.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RuntimeOnlyAttribute : Attribute;

/// <summary>
/// Marks an option that was added after the plugin's first release. If it has the given value, it is left out of the
/// key, so that older keys do not change.
/// </summary>
/// <param name="neutral">The value at which the plugin behaves as it did before the option existed.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddedLaterAttribute(object? neutral) : Attribute
{
    /// <summary>The value that is left out of the key.</summary>
    public object? Neutral { get; } = neutral;
}

/// <summary>
/// Marks an option that names a file, or a list of files. The file's bytes are part of the key; its name is not. Paths
/// are relative to the working directory.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputFileAttribute : Attribute;

/// <summary>The nested plugin that is used if the recipe names none.</summary>
/// <param name="name">A plugin of the option's kind. Its own options have their defaults.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultUseAttribute(string name) : Attribute
{
    /// <summary>The plugin's name.</summary>
    public string Name { get; } = name;
}
