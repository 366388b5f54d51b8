using System.Text.Json;
using System.Text.Json.Serialization;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// A folder of work in progress that is either complete or absent. It is written under a temporary name, gets its list
/// of files last, and is then renamed. Checkpoints and shards are such folders.
/// </summary>
public static class SealedFolder
{
    private const string SealFile = "seal.json";
    private const string Unfinished = ".tmp";

    /// <summary>Writes a folder, then gives it its name.</summary>
    /// <param name="folder">The folder. When it already exists, it is left as it is.</param>
    /// <param name="write">Writes the contents. It is called with the temporary folder.</param>
    /// <param name="facts">Facts to store, which <see cref="Open"/> returns.</param>
    public static void Write(string folder, Action<string> write, Func<IReadOnlyDictionary<string, string>>? facts = null)
    {
        var temporary = $"{folder}-{Environment.ProcessId}{Unfinished}";
        if (Directory.Exists(temporary))
        {
            DurableFiles.Remove(temporary);
        }

        Directory.CreateDirectory(temporary);
        write(temporary);
        StoredFile[] files = [.. KeptFiles.In(temporary).Select(file => StoredFile.Of(temporary, file))];
        var stored = (facts?.Invoke() ?? new Dictionary<string, string>()).ToDictionary(fact => fact.Key, fact => JsonSerializer.SerializeToElement(fact.Value, SealJson.Default.String));
        var seal = new Seal { Facts = stored, Files = files, Checksum = "" };
        FaultPoint.Reach();
        File.WriteAllBytes(Path.Combine(temporary, SealFile), JsonSerializer.SerializeToUtf8Bytes(seal with { Checksum = seal.Sum() }, SealJson.Default.Seal));
        DurableFiles.SyncTree(temporary);
        DurableFiles.TryRename(temporary, folder);
    }

    /// <summary>The facts of a folder, after all its bytes are verified; null when it is missing or damaged.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="onDamage">Receives what is wrong with it.</param>
    public static IReadOnlyDictionary<string, string>? Open(string folder, Action<string>? onDamage = null)
    {
        string? damage;
        try
        {
            var seal = JsonSerializer.Deserialize(RegularFile.ReadAllBytes(Path.Combine(folder, SealFile)), SealJson.Default.Seal);
            damage = seal is not { IsWhole: true } || seal.Checksum != seal.Sum() ? $"{SealFile} was altered since it was written"
                : seal.Files.Select(file => file.Damage(folder, hash: true)).FirstOrDefault(each => each is not null);
            if (damage is null)
            {
                return seal!.Facts.ToDictionary(fact => fact.Key, fact => fact.Value.ToString());
            }
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            damage = problem is JsonException ? $"{SealFile} is not JSON" : problem.Message;
        }

        onDamage?.Invoke(damage);
        return null;
    }

    /// <summary>Whether the name is the temporary name of a folder that was not finished.</summary>
    public static bool IsUnfinished(string folder) => folder.EndsWith(Unfinished, StringComparison.Ordinal);
}

/// <summary>What a sealed folder holds.</summary>
internal sealed record Seal
{
    /// <summary>The facts about the contents: texts, and numbers in older seals.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Facts { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<StoredFile> Files { get; init; }

    /// <summary>SHA-256 over facts and files.</summary>
    public required string Checksum { get; init; }

    /// <summary>Whether no property is missing, which the deserializer does not check everywhere.</summary>
    [JsonIgnore]
    public bool IsWhole => Facts is not null && Checksum is not null && Files is not null && Files.All(file => file is { Path: not null, Sha256: not null });

    public string Sum()
    {
        var facts = Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => $"{fact.Key} {fact.Value}\n");
        return Digest.OfText(string.Concat(facts) + Digest.OfFiles(Files));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Seal))]
[JsonSerializable(typeof(string))]
internal sealed partial class SealJson : JsonSerializerContext;
