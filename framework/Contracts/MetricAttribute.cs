using Experiments.Contracts.Running;

namespace Experiments.Contracts;

/// <summary>
/// Declares a metric that a plugin records. Gates and sweeps that name a metric which the stage does not record are
/// then refused before anything runs, and <c>lab plugins NAME</c> lists it.
/// </summary>
/// <param name="name">
/// lower_snake, unit last: <c>tokens_per_second</c>. A part in braces stands for any text: <c>seconds/{step}</c>. If it
/// is the name of an input that takes a mapping, it stands for the mapping's names: <c>exact_match/{problems}</c>.
/// </param>
/// <remarks>
/// A stage declares what it logs itself; a nested plugin declares what the stage records because of it, such as a filter
/// <c>dropped/too_short</c>. A name of <see cref="MetricNames"/> brings its unit, direction and meaning along. A plugin
/// from a plugin file that declares nothing may record anything.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field, AllowMultiple = true, Inherited = false)]
public sealed class MetricAttribute(string name) : Attribute
{
    /// <summary>The name, or the pattern of names.</summary>
    public string Name { get; } = name;

    /// <summary>The unit, plural: <c>tokens</c>, <c>nats per token</c>. Null for none.</summary>
    public string? Unit { get; init; }

    /// <summary>Which values are better. Default: neither.</summary>
    public Better Better { get; init; }

    /// <summary>What it measures, as one sentence.</summary>
    public string? Meaning { get; init; }

    /// <summary>An optional input, snake_case. Without it, the stage does not record the metric. Null: always.</summary>
    public string? NeedsInput { get; init; }

    /// <summary>
    /// For a pattern: a kind of plugin, such as <c>filter</c>. Only those names of the pattern are recorded that the
    /// plugins of this kind in the stage's options declare. Null: any name.
    /// </summary>
    public string? DeclaredBy { get; init; }

    /// <summary>Whether a name is <see cref="Name"/>, or one of the names that it stands for.</summary>
    public bool Covers(string name) => Name.Split('{', '}') is [var start, _, var end]
        ? name.Length > start.Length + end.Length
            && name.StartsWith(start, StringComparison.Ordinal)
            && name.EndsWith(end, StringComparison.Ordinal)
        : name == Name;
}
