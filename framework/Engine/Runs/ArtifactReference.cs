using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Runs;

/// <summary>Finds an artifact by a reference that a person wrote.</summary>
public static class ArtifactReference
{
    private const int ShortestKey = 4;

    /// <summary>
    /// Finds an artifact by its folder, its folder's name in the store, the beginning of its key, <c>RUN/STAGE</c>, or
    /// a stage's name, in the newest run that has this stage.
    /// </summary>
    /// <exception cref="UsageException">No artifact fits, or several do. The message lists what exists.</exception>
    public static StoredArtifact Find(string reference, ArtifactStore store, RunCatalog runs)
    {
        var manifest = Path.Combine(reference, ArtifactLocation.ManifestFile);
        if (File.Exists(manifest))
        {
            return new(Path.GetFullPath(reference).TrimEnd('/'), ArtifactManifest.Read(manifest));
        }

        var artifacts = store.All().ToList();
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0)
        {
            return OfStage(runs.Find(reference[..slash]), reference[(slash + 1)..], artifacts);
        }

        if (artifacts.Find(artifact => Path.GetFileName(artifact.Folder) == reference) is { } named)
        {
            return named;
        }

        var byKey = reference.Length >= ShortestKey ? artifacts.Where(artifact => artifact.Manifest.Key.StartsWith(reference, StringComparison.Ordinal)).ToList() : [];
        return byKey.Count switch
        {
            1 => byKey[0],
            > 1 => throw new UsageException($"'{reference}' is the beginning of the keys of {byKey.Count} artifacts: {string.Join(", ", byKey.Select(artifact => Path.GetFileName(artifact.Folder)))}."),
            _ when runs.Runs.FirstOrDefault(run => run.Stages.TryGetValue(reference, out var record) && record.Key is not null) is { } run => OfStage(run, reference, artifacts),
            _ => throw new UsageException(
                $"'{reference}' is not an artifact: neither a folder with {ArtifactLocation.ManifestFile}, nor a name or the beginning of a key in {store.Root}, nor RUN/STAGE. "
                + $"As a stage: {Suggestion.No("stage", reference, "stages", runs.Runs.SelectMany(each => each.Stages.Keys).Distinct())}"),
        };
    }

    private static StoredArtifact OfStage(RunRecord run, string stage, IReadOnlyList<StoredArtifact> artifacts)
    {
        if (run.Stages.GetValueOrDefault(stage) is not { } record)
        {
            throw new UsageException($"Run {run.Id}: {Suggestion.No("stage", stage, "stages", run.Stages.Keys)}");
        }

        return artifacts.FirstOrDefault(artifact => artifact.Manifest.Key == record.Key)
            ?? throw new UsageException($"Run {run.Id}: the artifact of '{stage}' is {(record.IsDone ? "no longer in the store" : "not made yet")}.");
    }
}
