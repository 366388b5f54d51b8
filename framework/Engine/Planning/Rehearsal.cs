using Experiments.Engine.Artifacts;
using Experiments.Engine.Code;
using Experiments.Engine.Plugins;

namespace Experiments.Engine.Planning;

/// <summary>
/// Does once, on another core, what a plan is about to do for the first time: what that costs the JIT compiler passes beside the reading of the
/// recipe.
/// </summary>
public static class Rehearsal
{
    /// <summary>Reads the store's first artifact as a plan will, beside the reading of the recipe.</summary>
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
