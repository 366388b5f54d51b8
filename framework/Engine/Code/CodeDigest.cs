using System.Globalization;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;

namespace Experiments.Engine.Code;

/// <summary>
/// Tells whether the code of a plugin changed though its Version did not: by a digest over the code of its class and of all that this reaches in
/// assemblies of ours. The code is read, not loaded. What a plugin finds at run time only, by <c>IPluginSource</c> or reflection, is not reached;
/// the plugins nested in its options have digests of their own. Safe for several threads.
/// </summary>
public sealed class CodeDigest
{
    private const string Ours = "Experiments.";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CodeAssembly?> _assemblies = [];
    private readonly Dictionary<PluginDescription, PluginCode> _digests = [];

    /// <summary>The code of a plugin as it is now.</summary>
    /// <param name="plugin">A plugin that is always there: for one that a file brought along, the key holds the source itself.</param>
    public PluginCode Of(PluginDescription plugin)
    {
        lock (_gate)
        {
            return _digests.TryGetValue(plugin, out var known) ? known : _digests[plugin] = Compute(plugin);
        }
    }

    /// <summary>Whether a plugin's code is the one that was recorded. Nothing is computed where the assemblies are the same.</summary>
    public bool IsSame(PluginCode recorded, PluginDescription plugin)
    {
        lock (_gate)
        {
            return recorded.Modules.All(module => Open(plugin, module.Key) is { } assembly && Version(assembly) == module.Value) || Of(plugin).Digest == recorded.Digest;
        }
    }

    private static string Version(CodeAssembly assembly) => assembly.ModuleVersion.ToString("N", CultureInfo.InvariantCulture);

    private PluginCode Compute(PluginDescription plugin)
    {
        var own = Open(plugin, plugin.Type.Assembly.GetName().Name!);
        var type = own?.Find(plugin.Type.FullName!) ?? throw new InvalidOperationException($"{plugin.Type} is not in {plugin.Type.Assembly.Location}.");
        var walk = new CodeWalk(name => name.StartsWith(Ours, StringComparison.Ordinal) ? Open(plugin, name) : null);
        var digest = Digest.OfText(walk.Write(type));
        return new(plugin.Kind, plugin.Name, digest, new SortedDictionary<string, string>(walk.Assemblies.ToDictionary(assembly => assembly.Name, Version), StringComparer.Ordinal));
    }

    private CodeAssembly? Open(PluginDescription plugin, string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(plugin.Type.Assembly.Location)!, name + ".dll");
        return _assemblies.TryGetValue(path, out var known) ? known : _assemblies[path] = CodeAssembly.Open(path);
    }
}
