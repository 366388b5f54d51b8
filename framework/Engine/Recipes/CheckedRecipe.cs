using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>A recipe after binding and all checks.</summary>
public sealed record CheckedRecipe
{
    /// <summary>The recipe's name. Default: the file's name without its extension.</summary>
    public required string Name { get; init; }

    /// <summary>The seed of all randomness. Default: 1.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The path of the recipe, as it was given.</summary>
    public required string Path { get; init; }

    /// <summary>The profile and the <c>--set</c> values that were applied to the file.</summary>
    public RecipeArguments Arguments { get; init; } = new();

    /// <summary>Where metrics are sent. The experiment's name is filled in.</summary>
    public required TrackingSettings Tracking { get; init; }

    /// <summary>The plugin files that it names under <c>plugins:</c>, in the order in which they are listed.</summary>
    public required IReadOnlyList<PluginFile> Plugins { get; init; }

    /// <summary>
    /// All plugins that it may name: the shipped ones, and those of its files. Those of its files cannot be made until
    /// the user trusts them; see <see cref="PluginCatalog.Trusted"/>.
    /// </summary>
    public required PluginCatalog Catalog { get; init; }

    /// <summary>
    /// The stages, each after the stages that it reads; otherwise in the order in which they were written.
    /// </summary>
    public required IReadOnlyList<BoundStage> Stages { get; init; }

    /// <summary>The secrets that it takes from environment variables. <see cref="Resolved"/> does not show them.</summary>
    public Secrets Secrets { get; init; } = new();

    /// <summary>What <c>lab sweep</c> tries, or null. It is not part of <see cref="Resolved"/> or of any key.</summary>
    public SweepPlan? Sweep { get; init; }

    /// <summary>
    /// The recipe after merging, interpolation and the expansion of <c>foreach</c>, as nodes that know where they were
    /// written.
    /// </summary>
    public required MappingNode Written { get; init; }

    /// <summary>
    /// The recipe after merging and interpolation, with all defaults, as canonical JSON. It is itself a valid recipe.
    /// </summary>
    public required JsonObject Resolved { get; init; }

    /// <summary>Opens the store in which its runs are tracked. Nothing is sent or written yet.</summary>
    /// <param name="runsFolder">The folder of all runs.</param>
    /// <param name="time">Times retries.</param>
    /// <param name="warn">Takes what the user should know.</param>
    /// <exception cref="UsageException">The address is wrong.</exception>
    public ITrackingStore OpenTracking(string runsFolder, TimeProvider time, Action<string> warn)
    {
        if (Tracking.Uri is { } uri && Secrets.Hide(uri) != uri && !TrackingHosts.IsAllowed(uri, Environment.GetEnvironmentVariable))
        {
            throw new UsageException($"{Path}: tracking.uri would send a secret from an environment variable to {Secrets.Hide(uri)}. If that is right, allow its host: {TrackingHosts.Variable}=HOST.");
        }

        return Catalog.Create<ITracker>(Tracking.Tracker.Recipe).Open(new TrackingPlace(Tracking.Uri, Tracking.Experiment ?? Name, runsFolder), time, warn);
    }
}

/// <summary>A stage after binding and all checks.</summary>
public sealed record BoundStage
{
    /// <summary>The stage's name in the recipe.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The stage whose <c>foreach</c> this stage is an instance of, otherwise null. In an input, its name means all its
    /// instances.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>The plugin.</summary>
    public required PluginDescription Plugin { get; init; }

    /// <summary>The plugin, and the plugins nested in its options.</summary>
    public required IReadOnlyList<PluginDescription> Plugins { get; init; }

    /// <summary>The options record, or null when the plugin has none.</summary>
    public required object? Options { get; init; }

    /// <summary>Plugin and options, as the key uses them, without secrets.</summary>
    public required JsonObject Identity { get; init; }

    /// <summary>Plugin and all options, including those that are not part of the key, without secrets.</summary>
    public required JsonObject Full { get; init; }

    /// <summary>What has secrets in it; null for a stage without secrets.</summary>
    public SecretOptions? Secret { get; init; }

    /// <summary>What it reads, in the order of the inputs record, without the inputs that were left out.</summary>
    public required IReadOnlyList<BoundInput> Inputs { get; init; }

    /// <summary>How it is executed.</summary>
    public required RunSettings Run { get; init; }

    /// <summary>The conditions that its results must meet.</summary>
    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>Where it was written.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>The stages that it reads.</summary>
    public IEnumerable<string> Upstream => Inputs.SelectMany(input => input.Sources).OfType<StageOutput>().Select(source => source.Stage).Distinct();
}

/// <summary>The options of a stage that uses secrets.</summary>
/// <param name="Identity">Plugin and options, as the key uses them, with the secrets: another secret may give another result.</param>
/// <param name="Full">Plugin and all options, with references to the environment variables, for the worker.</param>
public sealed record SecretOptions(JsonObject Identity, JsonObject Full);

/// <summary>What a stage reads as one input.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Cardinality">How many sources the input takes.</param>
/// <param name="ArtifactType">The artifact type that the input takes.</param>
/// <param name="Sources">The sources, in the order in which they were written; exactly one for
/// <see cref="InputCardinality.One"/>.</param>
public sealed record BoundInput(string Name, InputCardinality Cardinality, Type ArtifactType, IReadOnlyList<InputSource> Sources);

/// <summary>Where an artifact comes from.</summary>
/// <param name="Label">Its name in a mapping of inputs, otherwise null.</param>
/// <param name="ArtifactType">The artifact's type.</param>
public abstract record InputSource(string? Label, Type ArtifactType);

/// <summary>An output of another stage.</summary>
/// <param name="Label">Its name in a mapping of inputs, otherwise null.</param>
/// <param name="ArtifactType">The artifact's type.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Part">The part; empty when the stage makes one artifact.</param>
public sealed record StageOutput(string? Label, Type ArtifactType, string Stage, string Part) : InputSource(Label, ArtifactType);

/// <summary>External files.</summary>
/// <param name="Label">Its name in a mapping of inputs, otherwise null.</param>
/// <param name="ArtifactType">The artifact type that they are read as.</param>
/// <param name="Pattern">The pattern as written, without <c>file:</c> and without secrets.</param>
/// <param name="Files">Absolute paths in ordinal order, at least one.</param>
public sealed record ExternalFiles(string? Label, Type ArtifactType, string Pattern, IReadOnlyList<string> Files) : InputSource(Label, ArtifactType);
