namespace Experiments.Contracts.Artifacts;

/// <summary>The truth about a generated crawl: <c>truth.jsonl</c>, one page per line.</summary>
public sealed class GroundTruth(ArtifactLocation location) : Artifact(location);
