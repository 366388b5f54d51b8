using Experiments.Engine.Artifacts;
using Experiments.Engine.Code;
using Experiments.Engine.Plugins;

namespace Experiments.Engine.Planning;

/// <summary>
/// Runs the code of a plan once on another core while the recipe is being read. The JIT compiler then has it ready when
/// the real plan starts.
/// </summary>
public static class Rehearsal
{
    /// <summary>Handles the store's first artifact as a plan does. Its result is dropped.</summary>
    public static void Of(ArtifactStore store, PluginCatalog catalog)
    {
        if (store.All().FirstOrDefault() is { Manifest: var manifest })
        {
            _ = Digest.OfJson(manifest.Identity);
            var code = new CodeDigest();
            foreach (var recorded in manifest.Code ?? [])
            {
                _ = catalog.Find(recorded.Kind, recorded.Plugin) is { } plugin && code.IsSame(recorded, plugin);
            }
        }
    }
}
