namespace Experiments.Engine.Recipes;

/// <summary>What a pattern found.</summary>
/// <param name="Files">Absolute paths in ordinal order; empty after a problem.</param>
/// <param name="Problem">Why the pattern cannot be used, and the remedy; null when it found files.</param>
internal sealed record FoundFiles(IReadOnlyList<string> Files, string? Problem);
