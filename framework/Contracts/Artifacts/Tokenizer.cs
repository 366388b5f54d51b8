namespace Experiments.Contracts.Artifacts;

/// <summary>
/// Tokenizer: Hugging Face <c>tokenizer.json</c> and <c>tokenizer_config.json</c> with the chat template.
/// </summary>
public sealed class Tokenizer(ArtifactLocation location) : Artifact(location);
