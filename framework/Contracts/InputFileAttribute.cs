namespace Experiments.Contracts;

/// <summary>
/// Marks an option that names a file, or a list of files. The file's bytes are part of the key; its name is not. Paths
/// are relative to the working directory.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputFileAttribute : Attribute;
