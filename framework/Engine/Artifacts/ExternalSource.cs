namespace Experiments.Engine.Artifacts;

/// <summary>Files from outside that an artifact was made from. It is for people: the key holds the digest only.</summary>
/// <param name="Input">The input that they were, with its label: <c>documents</c>, <c>problems.addition</c>.</param>
/// <param name="Pattern">The pattern as the recipe wrote it, without <c>file:</c>.</param>
/// <param name="Folder">The deepest folder that held them all.</param>
/// <param name="Files">Their paths below the folder.</param>
/// <param name="Digest">The digest of their names and bytes.</param>
public sealed record ExternalSource(string Input, string Pattern, string Folder, IReadOnlyList<string> Files, string Digest);
