using System.Text.Json.Nodes;

namespace Experiments.Engine.Artifacts;

/// <summary>What an artifact was made from, back to the external files.</summary>
/// <param name="Key">The artifact's key.</param>
/// <param name="Artifact">The artifact, or null when it is no longer in the store.</param>
/// <param name="Inputs">What it was made from. An artifact that is used several times is the same node
/// everywhere.</param>
public sealed record Lineage(string Key, StoredArtifact? Artifact, IReadOnlyList<LineageInput> Inputs)
{
    /// <summary>The lineage of an artifact.</summary>
    public static Lineage Of(StoredArtifact artifact, ArtifactStore store)
    {
        var artifacts = store.All().ToLookup(each => each.Manifest.Key);
        Dictionary<string, Lineage> known = [];
        return Follow(artifact.Manifest.Key, artifact);

        Lineage Follow(string key, StoredArtifact? found) => known.TryGetValue(key, out var node)
            ? node
            : known[key] = new(key, found, found is null ? [] : [.. Match(found.Manifest, key => Follow(key, artifacts[key].FirstOrDefault()))]);
    }

    /// <summary>
    /// Matches the digests of the inputs, as recorded in the identity, with the parent artifacts and the external
    /// files.
    /// </summary>
    private static IEnumerable<LineageInput> Match(ArtifactManifest manifest, Func<string, Lineage> follow)
    {
        var parents = manifest.Parents.Distinct().Select(follow).ToList();
        var left = parents.ToHashSet();
        List<(string Name, string Digest)> unmatched = [];
        foreach (var (name, digest) in Digests(manifest.Identity["inputs"] as JsonObject))
        {
            var fitting = parents.Where(parent => parent.Artifact?.Manifest.Parts.Any(part => part.Digest == digest) == true).ToList();
            if ((fitting.Find(left.Contains) ?? fitting.FirstOrDefault()) is { } parent)
            {
                left.Remove(parent);
                yield return new(name, parent, null);
            }
            else if (manifest.Sources?.FirstOrDefault(source => source.Input == name && source.Digest == digest) is { } files)
            {
                yield return new(name, null, files);
            }
            else
            {
                unmatched.Add((name, digest));
            }
        }

        // An artifact that is gone no longer tells which input it was, unless only one input is left over.
        var gone = left.Where(parent => parent.Artifact is null).ToList();
        foreach (var parent in gone)
        {
            yield return new(unmatched.Count == 1 ? unmatched[0].Name : "?", parent, null);
        }

        foreach (var (name, _) in gone.Count == 0 ? unmatched : [])
        {
            yield return new(name, null, null);
        }
    }

    private static IEnumerable<(string Name, string Digest)> Digests(JsonObject? inputs) =>
        from input in inputs ?? []
        from source in input.Value as JsonArray ?? []
        select source is JsonObject labelled ? ($"{input.Key}.{labelled["name"]}", (string)labelled["digest"]!) : (input.Key, (string)source!);
}

/// <summary>One thing that an artifact was made from.</summary>
/// <param name="Name">The input, with its label; <c>?</c> when that is no longer known.</param>
/// <param name="Artifact">An artifact; null for files.</param>
/// <param name="Files">External files; null for an artifact, and for files whose names were not recorded.</param>
public sealed record LineageInput(string Name, Lineage? Artifact, ExternalSource? Files);
