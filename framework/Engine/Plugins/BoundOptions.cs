using System.Text.Json.Nodes;

namespace Experiments.Engine.Plugins;

/// <summary>The options of a plugin, after binding and all checks.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Value">
/// The options record, or null when the plugin has none. For a plugin whose code is not run, it only stands for the
/// record.
/// </param>
/// <param name="Identity">
/// What goes into a key, as canonical JSON: <c>use</c>, <c>version</c>, <c>source</c> for a plugin from a plugin file,
/// and the resolved options. Left out are options that cannot change the output, and options that were added later and
/// have their neutral value.
/// </param>
/// <param name="Full">Everything as canonical JSON: <c>use</c> and all resolved options.</param>
public sealed record BoundOptions(PluginDescription Plugin, object? Value, JsonObject Identity, JsonObject Full);
