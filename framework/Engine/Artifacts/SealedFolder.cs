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
    public static void Write(string folder, Action<string> write, Func<IReadOnlyDictionary<string, long>>? facts = null)
    {
        var temporary = $"{folder}-{Environment.ProcessId}{Unfinished}";
        if (Directory.Exists(temporary))
        {
            DurableFiles.Remove(temporary);
        }

        Directory.CreateDirectory(temporary);
        write(temporary);
        StoredFile[] files =
        [
            .. Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file => StoredFile.Of(temporary, file)),
        ];
        var seal = new Seal { Facts = facts?.Invoke() ?? new Dictionary<string, long>(), Files = files, Checksum = "" };
        FaultPoint.Reach();
        File.WriteAllBytes(Path.Combine(temporary, SealFile), JsonSerializer.SerializeToUtf8Bytes(seal with { Checksum = seal.Sum() }, SealJson.Default.Seal));
        DurableFiles.SyncTree(temporary);
        DurableFiles.TryRename(temporary, folder);
    }

    /// <summary>The facts of a folder, after all its bytes are verified; null when it is missing or damaged.</summary>
    public static IReadOnlyDictionary<string, long>? Open(string folder)
    {
        try
        {
            var seal = JsonSerializer.Deserialize(RegularFile.ReadAllBytes(Path.Combine(folder, SealFile)), SealJson.Default.Seal);
            return seal is { Facts: not null, Files: not null } && seal.Files.All(file => file is { Path: not null, Sha256: not null }) && seal.Checksum == seal.Sum() && seal.Files.All(file => file.Damage(folder, hash: true) is null) ? seal.Facts : null;
        }
        catch (Exception problem) when (problem is JsonException or FileNotFoundException or DirectoryNotFoundException or NotAFileException)
        {
            return null;
        }
    }

    /// <summary>Whether the name is the temporary name of a folder that was not finished.</summary>
    public static bool IsUnfinished(string folder) => folder.EndsWith(Unfinished, StringComparison.Ordinal);
}

/// <summary>What a sealed folder holds.</summary>
internal sealed record Seal
{
    /// <summary>The facts about the contents.</summary>
    public required IReadOnlyDictionary<string, long> Facts { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<StoredFile> Files { get; init; }

    /// <summary>SHA-256 over facts and files.</summary>
    public required string Checksum { get; init; }

    public string Sum()
    {
        var facts = Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => $"{fact.Key} {fact.Value}\n");
        return Digest.OfText(string.Concat(facts) + Digest.OfFiles(Files));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Seal))]
internal sealed partial class SealJson : JsonSerializerContext;
