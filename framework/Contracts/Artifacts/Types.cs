namespace Experiments.Contracts.Artifacts;

/// <summary>
/// Documents: shards of JSON lines, <c>documents-00000.jsonl.zst</c> (<c>id, text, url, metadata</c>), or any file that
/// a format plugin reads.
/// </summary>
public sealed class Documents(ArtifactLocation location) : Artifact(location);

/// <summary>
/// Tokenizer: Hugging Face <c>tokenizer.json</c> and <c>tokenizer_config.json</c> with the chat template.
/// </summary>
public sealed class Tokenizer(ArtifactLocation location) : Artifact(location);

/// <summary>
/// A model: Hugging Face <c>config.json</c> and <c>model.safetensors</c> (or its shards), <c>model.json</c> with the
/// plugin that builds it, and the tokenizer's files.
/// </summary>
public sealed class Checkpoint(ArtifactLocation location) : Artifact(location);

/// <summary>A page to read: <c>report.md</c>, <c>report.json</c> and plots.</summary>
public sealed class Report(ArtifactLocation location) : Artifact(location);

/// <summary>The truth about a generated crawl: <c>truth.jsonl</c>, one page per line.</summary>
public sealed class GroundTruth(ArtifactLocation location) : Artifact(location);
