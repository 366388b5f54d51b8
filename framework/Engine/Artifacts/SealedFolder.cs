using System.Text.Json;
using System.Text.Json.Serialization;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// A folder of work in progress that is either whole or not there: it is written under another name, gets its list of files last, and appears by
/// one rename. Checkpoints and shards are such folders.
/// </summary>
public static class SealedFolder
{
    private const string SealFile = "seal.json";
    private const string Unfinished = ".tmp";

    /// <summary>Writes a folder and lets it appear.</summary>
    /// <param name="folder">Its name; when it exists, it stays as it is.</param>
    /// <param name="write">Writes the contents into the folder that it is given.</param>
    /// <param name="facts">What is to be known of it when it is opened.</param>
    public static void Write(string folder, Action<string> write, Func<IReadOnlyDictionary<string, long>>? facts = null)
    {
        var temporary = $"{folder}-{Environment.ProcessId}{Unfinished}";
        if (Directory.Exists(temporary))
        {
            DurableFiles.Remove(temporary);
        }

        Directory.CreateDirectory(temporary);
        write(temporary);
        StoredFile[] files = [.. Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => StoredFile.Of(temporary, file))];
        var seal = new Seal { Facts = facts?.Invoke() ?? new Dictionary<string, long>(), Files = files, Checksum = "" };
        FaultPoint.Reach();
        File.WriteAllBytes(Path.Combine(temporary, SealFile), JsonSerializer.SerializeToUtf8Bytes(seal with { Checksum = seal.Sum() }, SealJson.Default.Seal));
        DurableFiles.SyncTree(temporary);
        DurableFiles.TryRename(temporary, folder);
    }

    /// <summary>The facts of a folder whose every byte is as it was written; null when it is missing or damaged.</summary>
    public static IReadOnlyDictionary<string, long>? Open(string folder)
    {
        try
        {
            var seal = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, SealFile)), SealJson.Default.Seal);
            return seal is not null && seal.Checksum == seal.Sum() && seal.Files.All(file => file.Damage(folder, hash: true) is null) ? seal.Facts : null;
        }
        catch (Exception problem) when (problem is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether a folder's name is that of one which was still being written.</summary>
    public static bool IsUnfinished(string folder) => folder.EndsWith(Unfinished, StringComparison.Ordinal);
}

/// <summary>What a sealed folder holds.</summary>
internal sealed record Seal
{
    /// <summary>What is to be known of it.</summary>
    public required IReadOnlyDictionary<string, long> Facts { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<StoredFile> Files { get; init; }

    /// <summary>Over facts and files.</summary>
    public required string Checksum { get; init; }

    public string Sum() => Digest.OfText(string.Concat(Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => $"{fact.Key} {fact.Value}\n")) + Digest.OfFiles(Files));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Seal))]
internal sealed partial class SealJson : JsonSerializerContext;
