using Experiments.Contracts.Artifacts;

namespace Experiments.Engine.Plugins;

/// <summary>A plugin: what <c>lab plugins</c> prints and what recipes are checked against.</summary>
public sealed class PluginDescription
{
    private readonly Lazy<string> _summary;
    private readonly Lazy<IReadOnlyList<InputDescription>> _inputs;
    private readonly Lazy<IReadOnlyList<OutputDescription>> _outputs;
    private readonly Lazy<IReadOnlyList<MetricDescription>> _metrics;

    internal PluginDescription(
        Func<string> summary,
        Func<IReadOnlyList<InputDescription>> inputs,
        Func<IReadOnlyList<OutputDescription>> outputs,
        Func<IReadOnlyList<MetricDescription>> metrics,
        Func<object?, object> create) =>
        (_summary, _inputs, _outputs, _metrics, Create) = (new(summary), new(inputs), new(outputs), new(metrics), create);

    /// <summary>The name in recipes.</summary>
    public required string Name { get; init; }

    /// <summary>Part of every key. It is raised when the same options give a different output.</summary>
    public required int Version { get; init; }

    /// <summary>
    /// For a plugin from a plugin file: SHA-256 of the file, part of every key. Null for a shipped plugin.
    /// </summary>
    public required string? Source { get; init; }

    /// <summary>
    /// Whether it comes from a plugin file whose code is not run in this process. It cannot be made, and the values of
    /// its options are not instances of its options record.
    /// </summary>
    public required bool IsForeign { get; init; }

    /// <summary>Whether it is one of the shipped plugins.</summary>
    public required bool IsShipped { get; init; }

    /// <summary>stage, filter, model ...</summary>
    public required string Kind { get; init; }

    /// <summary>The class.</summary>
    public required Type Type { get; init; }

    /// <summary>Whether its assembly uses libtorch, whose results depend on the number of threads.</summary>
    public required bool UsesTorch { get; init; }

    /// <summary>For a stage: whether several processes can share its work.</summary>
    public required bool IsSharded { get; init; }

    /// <summary>For a stage: whether its checkpoint answers conversations.</summary>
    public required bool MakesChatModel { get; init; }

    /// <summary>For a stage: whether its report is about the whole run.</summary>
    public required bool ReportsRun { get; init; }

    /// <summary>What it does, from the documentation of the class.</summary>
    public string Summary => _summary.Value;

    /// <summary>The shape of its options, or null when it has none.</summary>
    public required RecordShape? Shape { get; init; }

    /// <summary>The options, in the order of the source code.</summary>
    public IReadOnlyList<OptionDescription> Options => Shape?.Options ?? [];

    /// <summary>For a stage: what it reads.</summary>
    public IReadOnlyList<InputDescription> Inputs => _inputs.Value;

    /// <summary>For a stage: what it makes. A stage that makes one artifact has one part with an empty name.</summary>
    public IReadOnlyList<OutputDescription> Outputs => _outputs.Value;

    /// <summary>The metrics that it declares, in the order of the source code.</summary>
    public IReadOnlyList<MetricDescription> Metrics => _metrics.Value;

    /// <summary>Whether its metrics are unknown: an own plugin need not declare any.</summary>
    public bool DeclaresNothing => !IsShipped && Metrics.Count == 0;

    /// <summary>Makes it from its options record.</summary>
    internal Func<object?, object> Create { get; }
}

/// <summary>How many artifacts an input takes.</summary>
public enum InputCardinality
{
    /// <summary>One.</summary>
    One,

    /// <summary>A list; a recipe may give one or more.</summary>
    List,

    /// <summary>A mapping of names to artifacts.</summary>
    Map,
}

/// <summary>One input of a stage.</summary>
/// <param name="Name">The key in recipes, snake_case.</param>
/// <param name="ArtifactType">The artifact type that it takes; <see cref="Artifact"/> for any type.</param>
/// <param name="Cardinality">How many artifacts it takes.</param>
/// <param name="IsOptional">Whether it may be left out.</param>
public sealed record InputDescription(string Name, Type ArtifactType, InputCardinality Cardinality, bool IsOptional);

/// <summary>One part of a stage's output.</summary>
/// <param name="Part">The subfolder, snake_case; empty when the stage makes one artifact.</param>
/// <param name="ArtifactType">The artifact's type.</param>
public sealed record OutputDescription(string Part, Type ArtifactType);

/// <summary>A plugin class that breaks the rules for plugins.</summary>
public sealed class InvalidPluginException(string message) : Exception(message);
