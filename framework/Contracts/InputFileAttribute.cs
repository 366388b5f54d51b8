namespace Experiments.Contracts;

/// <summary>Marks an option whose text, or each of whose texts, names a file: the file's bytes are part of the key, and its name is not. Paths begin at the working directory.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputFileAttribute : Attribute;
