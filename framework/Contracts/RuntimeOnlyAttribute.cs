namespace Experiments.Contracts;

/// <summary>Marks an option that cannot change the output, such as a degree of parallelism: it is no part of the key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RuntimeOnlyAttribute : Attribute;
