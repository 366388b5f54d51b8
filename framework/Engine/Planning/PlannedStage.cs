using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Planning;

/// <summary>A bound stage with what is to be done about it, and why.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="State">What is to be done.</param>
/// <param name="Reason">Why, for a person.</param>
/// <param name="Work">Its identity and inputs; null as long as an input has yet to be made.</param>
/// <param name="Artifact">The artifact of a hit.</param>
/// <param name="Step">The checkpoint's step of a resume.</param>
/// <param name="Warning">What may be wrong with a hit, and the remedy; null when nothing is.</param>
public sealed record PlannedStage(BoundStage Stage, StageState State, string Reason, StageWork? Work, StoredArtifact? Artifact = null, long? Step = null, string? Warning = null);

/// <summary>A stage whose inputs all exist.</summary>
/// <param name="Key">SHA-256 of <paramref name="Identity"/>.</param>
/// <param name="Identity">Everything that determines the output: contract and plugin version, options, seed, digests of the inputs.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Parents">The keys of the artifacts that it reads.</param>
/// <param name="Sources">The files from outside that it reads.</param>
public sealed record StageWork(
    string Key, JsonObject Identity, IReadOnlyList<AttemptInput> Inputs, IReadOnlyList<string> Parents, IReadOnlyList<ExternalSource> Sources);
