namespace Experiments.Engine.Artifacts;

/// <summary>The code of a plugin that made an artifact.</summary>
/// <param name="Kind">The plugin's kind.</param>
/// <param name="Plugin">Its name.</param>
/// <param name="Digest">SHA-256 over its code.</param>
/// <param name="Modules">The assemblies that hold the code, by name, with their module version ids.</param>
public sealed record PluginCode(string Kind, string Plugin, string Digest, IReadOnlyDictionary<string, string> Modules);
