namespace Experiments.Contracts.Artifacts;

/// <summary>
/// Documents: shards of JSON lines, <c>documents-00000.jsonl.zst</c> (<c>id, text, url, metadata</c>), or any file that
/// a format plugin reads.
/// </summary>
public sealed class Documents(ArtifactLocation location) : Artifact(location);
