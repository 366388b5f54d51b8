namespace Experiments.Contracts;

/// <summary>
/// Marks an option that names a metric of the stages which make an input. The stages must record it; this is checked
/// before anything runs.
/// </summary>
/// <param name="input">The input, snake_case.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MetricOfAttribute(string input) : Attribute
{
    /// <summary>The input, snake_case.</summary>
    public string Input { get; } = input;
}
