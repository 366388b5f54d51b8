using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>A recipe in which everything is bound and checked.</summary>
public sealed record CheckedRecipe
{
    /// <summary>The recipe's name. Default: its file's.</summary>
    public required string Name { get; init; }

    /// <summary>The seed of all randomness. Default: 1.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The recipe's file as it was named.</summary>
    public required string Path { get; init; }

    /// <summary>What was laid over the file.</summary>
    public RecipeArguments Arguments { get; init; } = new();

    /// <summary>Where figures go; the experiment is filled in.</summary>
    public required TrackingSettings Tracking { get; init; }

    /// <summary>The files with which it brings plugins of its own, in order of writing.</summary>
    public required IReadOnlyList<PluginFile> Plugins { get; init; }

    /// <summary>The stages, each behind those it reads; otherwise in order of writing.</summary>
    public required IReadOnlyList<BoundStage> Stages { get; init; }

    /// <summary>What <c>lab sweep</c> tries, or null. It is no part of <see cref="Resolved"/>, and of no key.</summary>
    public SweepPlan? Sweep { get; init; }

    /// <summary>The recipe as it was written, merged, interpolated and with the instances of <c>foreach</c>: each node knows where it comes from.</summary>
    public required MappingNode Written { get; init; }

    /// <summary>The whole recipe as canonical JSON, with all defaults, merged and interpolated. It is itself a recipe.</summary>
    public required JsonObject Resolved { get; init; }
}

/// <summary>A stage in which everything is bound and checked.</summary>
public sealed record BoundStage
{
    /// <summary>The stage's name in the recipe.</summary>
    public required string Name { get; init; }

    /// <summary>The stage whose <c>foreach</c> made it, otherwise null. Its name means all its instances.</summary>
    public string? Group { get; init; }

    /// <summary>The plugin.</summary>
    public required PluginDescription Plugin { get; init; }

    /// <summary>The plugin, and those nested in its options.</summary>
    public required IReadOnlyList<PluginDescription> Plugins { get; init; }

    /// <summary>The options record, or null when the plugin has none.</summary>
    public required object? Options { get; init; }

    /// <summary>Plugin and options as they go into the key.</summary>
    public required JsonObject Identity { get; init; }

    /// <summary>Plugin and all options.</summary>
    public required JsonObject Full { get; init; }

    /// <summary>What it reads, in the order of the inputs record; an input that was left out is not among them.</summary>
    public required IReadOnlyList<BoundInput> Inputs { get; init; }

    /// <summary>How it is executed.</summary>
    public required RunSettings Run { get; init; }

    /// <summary>What its results must be.</summary>
    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>Where it was written.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>The stages that it reads.</summary>
    public IEnumerable<string> Upstream => Inputs.SelectMany(input => input.Sources).OfType<StageOutput>().Select(source => source.Stage).Distinct();
}

/// <summary>What a stage reads as one input.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Cardinality">How many sources there may be.</param>
/// <param name="ArtifactType">What the input takes.</param>
/// <param name="Sources">The sources, in order of writing; exactly one for <see cref="InputCardinality.One"/>.</param>
public sealed record BoundInput(string Name, InputCardinality Cardinality, Type ArtifactType, IReadOnlyList<InputSource> Sources);

/// <summary>Where an artifact comes from.</summary>
/// <param name="Label">Its name in a mapping of inputs, otherwise null.</param>
/// <param name="ArtifactType">What it is.</param>
public abstract record InputSource(string? Label, Type ArtifactType);

/// <summary>An output of another stage.</summary>
/// <param name="Label">Its name in a mapping of inputs, otherwise null.</param>
/// <param name="ArtifactType">What it is.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Part">The part; empty when the stage makes one artifact.</param>
public sealed record StageOutput(string? Label, Type ArtifactType, string Stage, string Part) : InputSource(Label, ArtifactType);

/// <summary>Files from outside.</summary>
/// <param name="Label">Its name in a mapping of inputs, otherwise null.</param>
/// <param name="ArtifactType">What they are taken for.</param>
/// <param name="Pattern">The pattern as written, without <c>file:</c>.</param>
/// <param name="Files">Absolute paths in ordinal order, at least one.</param>
public sealed record ExternalFiles(string? Label, Type ArtifactType, string Pattern, IReadOnlyList<string> Files) : InputSource(Label, ArtifactType);
