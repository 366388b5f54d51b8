namespace Experiments.Engine.Artifacts;

/// <summary>External files that an artifact was made from. For people to read; the key only holds the digest.</summary>
/// <param name="Input">The input that read them, with its label: <c>documents</c>, <c>problems.addition</c>.</param>
/// <param name="Pattern">The pattern as written in the recipe, without <c>file:</c>.</param>
/// <param name="Folder">The deepest folder that contains all of them.</param>
/// <param name="Files">Their paths, relative to the folder.</param>
/// <param name="Digest">The digest of their names and bytes.</param>
public sealed record ExternalSource(string Input, string Pattern, string Folder, IReadOnlyList<string> Files, string Digest);
