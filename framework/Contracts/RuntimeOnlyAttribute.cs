namespace Experiments.Contracts;

/// <summary>
/// Marks an option that cannot change the output, such as a degree of parallelism. It is not part of the key.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RuntimeOnlyAttribute : Attribute;
