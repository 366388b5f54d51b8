namespace Experiments.Contracts.Artifacts;

/// <summary>
/// A model: Hugging Face <c>config.json</c> and <c>model.safetensors</c> (or its shards), <c>model.json</c> with the
/// plugin that builds it, and the tokenizer's files.
/// </summary>
public sealed class Checkpoint(ArtifactLocation location) : Artifact(location);
