using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Planning;

/// <summary>A bound stage with what a run will do about it, and why.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="State">What a run will do.</param>
/// <param name="Reason">Why, in words for people.</param>
/// <param name="Work">Its identity and inputs; null while an input does not exist yet.</param>
/// <param name="Artifact">For a hit: the artifact.</param>
/// <param name="Step">For a resume: the checkpoint's step.</param>
/// <param name="Warning">For a hit: what may be wrong with the artifact, with the remedy; null when nothing is.</param>
public sealed record PlannedStage(
    BoundStage Stage, StageState State, string Reason, StageWork? Work, StoredArtifact? Artifact = null, long? Step = null, string? Warning = null);

/// <summary>A stage whose inputs all exist.</summary>
/// <param name="Key">SHA-256 of <paramref name="Identity"/>.</param>
/// <param name="Identity">Everything that determines the output: contract and plugin version, options, seed, digests of
/// the inputs.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Parents">The keys of the artifacts that it reads.</param>
/// <param name="Sources">The external files that it reads.</param>
public sealed record StageWork(
    string Key, JsonObject Identity, IReadOnlyList<AttemptInput> Inputs, IReadOnlyList<string> Parents, IReadOnlyList<ExternalSource> Sources);
