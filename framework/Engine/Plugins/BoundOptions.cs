using System.Text.Json.Nodes;

namespace Experiments.Engine.Plugins;

/// <summary>Options, bound and checked.</summary>
/// <param name="Plugin">Whose they are.</param>
/// <param name="Value">The options record, or null when the plugin has none.</param>
/// <param name="Identity">
/// What goes into a key, as canonical JSON: <c>use</c>, <c>version</c>, for a plugin that a file brought along <c>source</c>, and all resolved
/// options, without those that cannot change the output and those added later that stand at their neutral value.
/// </param>
/// <param name="Full">Everything as canonical JSON: <c>use</c> and all resolved options.</param>
public sealed record BoundOptions(PluginDescription Plugin, object? Value, JsonObject Identity, JsonObject Full);
