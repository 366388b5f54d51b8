using System.Globalization;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;

namespace Experiments.Engine.Code;

/// <summary>
/// Detects that the code of a plugin changed although its Version did not, by a digest over the code of its class and
/// of everything that this code reaches in our own assemblies. The code is read, not loaded. Code that a plugin only
/// finds at run time, by <c>IPluginSource</c> or reflection, is not covered; plugins nested in its options have digests
/// of their own. Thread-safe.
/// </summary>
public sealed class CodeDigest
{
    private const string Ours = "Experiments.";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CodeAssembly?> _assemblies = [];
    private readonly Dictionary<PluginDescription, PluginCode> _digests = [];

    /// <summary>The present code of a plugin.</summary>
    /// <param name="plugin">A shipped plugin. For a plugin from a plugin file, the key already has the source.</param>
    public PluginCode Of(PluginDescription plugin)
    {
        lock (_gate)
        {
            return _digests.TryGetValue(plugin, out var known) ? known : _digests[plugin] = Compute(plugin);
        }
    }

    /// <summary>
    /// Whether a plugin's code equals the recorded code. The digest is only computed when the assemblies differ.
    /// </summary>
    public bool IsSame(PluginCode recorded, PluginDescription plugin)
    {
        lock (_gate)
        {
        return recorded.Modules.All(module => Open(plugin, module.Key) is { } assembly && Version(assembly) == module.Value)
            || Of(plugin).Digest == recorded.Digest;
        }
    }

    private static string Version(CodeAssembly assembly) => assembly.ModuleVersion.ToString("N", CultureInfo.InvariantCulture);

    private PluginCode Compute(PluginDescription plugin)
    {
        var own = Open(plugin, plugin.Type.Assembly.GetName().Name!);
        var type = own?.Find(plugin.Type.FullName!) ?? throw new InvalidOperationException($"{plugin.Type} is not in {plugin.Type.Assembly.Location}.");
        var walk = new CodeWalk(name => name.StartsWith(Ours, StringComparison.Ordinal) ? Open(plugin, name) : null);
        var digest = Digest.OfText(walk.Write(type));
        var modules = walk.Assemblies.ToDictionary(assembly => assembly.Name, Version);
        return new(plugin.Kind, plugin.Name, digest, new SortedDictionary<string, string>(modules, StringComparer.Ordinal));
    }

    private CodeAssembly? Open(PluginDescription plugin, string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(plugin.Type.Assembly.Location)!, name + ".dll");
        return _assemblies.TryGetValue(path, out var known) ? known : _assemblies[path] = CodeAssembly.Open(path);
    }
}
