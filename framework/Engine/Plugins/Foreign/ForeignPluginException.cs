namespace Experiments.Engine.Plugins.Foreign;

/// <summary>A command would have to run code of a plugin file that the user was not asked to trust.</summary>
public sealed class ForeignPluginException(string message) : Exception(message);
