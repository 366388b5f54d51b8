namespace Experiments.Contracts.Artifacts;

/// <summary>A page to read: <c>report.md</c>, <c>report.json</c> and plots.</summary>
public sealed class Report(ArtifactLocation location) : Artifact(location);
