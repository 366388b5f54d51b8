using Experiments.Contracts.Artifacts;

namespace Experiments.Engine.Artifacts;

/// <summary>A committed output of a stage.</summary>
/// <param name="Folder">Its folder in the store.</param>
/// <param name="Manifest">Its manifest.</param>
public sealed record StoredArtifact(string Folder, ArtifactManifest Manifest)
{
    /// <summary>The location of a part, for a stage that reads it.</summary>
    public ArtifactLocation Locate(string part) =>
        new(part.Length == 0 ? Folder : Path.Combine(Folder, part), null, new ArtifactOrigin(Manifest.Plugin, Manifest.Key, Folder));

    /// <summary>The digest of a part.</summary>
    public string DigestOf(string part) => Manifest.Parts.First(each => each.Name == part).Digest;

    /// <summary>What is wrong with the folder, or null when it is whole.</summary>
    /// <param name="hash">Whether to compare bytes as well as sizes.</param>
    public string? Damage(bool hash) =>
        (from part in Manifest.Parts
         from file in part.Files
         select file.Damage(Path.Combine(Folder, part.Name), hash))
        .Append(Manifest.Metrics?.Damage(Folder, hash))
        .FirstOrDefault(damage => damage is not null);
}
