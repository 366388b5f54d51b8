using System.Text.Json.Nodes;
using Experiments.Contracts.Artifacts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Workers;

namespace Experiments.Engine.Planning;

/// <summary>Turns a bound stage into work. All its inputs must exist.</summary>
public static class InputResolver
{
    /// <summary>It is raised when the meaning of a key changes.</summary>
    private const int ContractVersion = 1;

    /// <summary>The work of a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <param name="made">The artifacts of the upstream stages, by stage.</param>
    public static StageWork Resolve(BoundStage stage, ulong seed, IReadOnlyDictionary<string, StoredArtifact> made)
    {
        var digests = new JsonObject();
        List<AttemptInput> inputs = [];
        List<string> parents = [];
        List<ExternalSource> outside = [];
        foreach (var input in stage.Inputs)
        {
            var sources = new JsonArray();
            List<AttemptSource> locations = [];
            foreach (var source in input.Sources)
            {
                var (location, digest) = Locate(source, made, parents);
                sources.Add(source.Label is null ? JsonValue.Create(digest) : new JsonObject { ["name"] = source.Label, ["digest"] = digest });
                if (source is ExternalFiles files)
                {
                    var name = source.Label is null ? input.Name : $"{input.Name}.{source.Label}";
                    outside.Add(new(name, files.Pattern, location.Folder, [.. files.Files.Select(path => Path.GetRelativePath(location.Folder, path))], digest));
                }

                locations.Add(new AttemptSource(source.Label, source.ArtifactType.Name, location, digest));
            }

            digests[input.Name] = sources;
            inputs.Add(new AttemptInput(input.Name, locations));
        }

        var identity = Identity(stage.Identity, seed, digests);
        var key = Digest.OfJson(stage.Secret is { } secret ? Identity(secret.Identity, seed, digests) : identity);
        return new StageWork(key, identity, inputs, parents, outside);
    }

    private static JsonObject Identity(JsonObject plugin, ulong seed, JsonObject inputs) => (JsonObject)CanonicalJson.Of(new JsonObject
    {
        ["contract"] = ContractVersion,
        ["plugin"] = plugin.DeepClone(),
        ["seed"] = seed,
        ["inputs"] = inputs.DeepClone(),
    })!;

    private static (ArtifactLocation Location, string Digest) Locate(InputSource source, IReadOnlyDictionary<string, StoredArtifact> made, List<string> parents)
    {
        switch (source)
        {
            case StageOutput output:
                var artifact = made[output.Stage];
                parents.Add(artifact.Manifest.Key);
                return (artifact.Locate(output.Part), artifact.DigestOf(output.Part));
            case ExternalFiles external:
                // The digest covers bytes and names, not the folder of the files.
                var digest = Digest.OfFiles(external.Files.Select(path => StoredFile.Of(Path.GetDirectoryName(path)!, path)));
                return (new ArtifactLocation(CommonFolder(external.Files), external.Files), digest);
            default:
                throw new NotSupportedException($"{source.GetType().Name} is not a known source of an input.");
        }
    }

    private static string CommonFolder(IReadOnlyList<string> files)
    {
        var folder = Path.GetDirectoryName(files[0])!;
        while (!files.All(IsBelow))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;

        // The root ends in a separator already.
        bool IsBelow(string file) => file.StartsWith(
            Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
