using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Tracking;

/// <summary>
/// How much of a journal was sent to one store. The file is in the journal's folder, one file per store, and is
/// replaced by a rename.
/// </summary>
/// <param name="Store">The store's location.</param>
/// <param name="Offset">Number of bytes of the journal that the store has.</param>
/// <param name="Runs">Ids in the store by local id.</param>
internal sealed record SentState(string Store, long Offset, Dictionary<string, string> Runs)
{
    /// <summary>The file of a journal and a store.</summary>
    public static string PathOf(string journal, string store) =>
        $"{Path.ChangeExtension(journal, null)}.sent-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(store)))[..8]}.json";

    /// <summary>The name of the lease of the process that sends the journal. It is in the journal's folder.</summary>
    public static string LeaseFile(string journal) => $"{Path.GetFileNameWithoutExtension(journal)}.lease.json";

    /// <summary>Reads the state; null when there is no valid one for this journal.</summary>
    public static SentState? Load(string journal, string store)
    {
        try
        {
            return Read(PathOf(journal, store)) is { } state && state.Store == store && IsEndOfLine(journal, state.Offset) ? state : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether some store has the whole journal, or the journal is empty.</summary>
    public static bool IsSent(string journal) =>
        !File.Exists(journal) || new FileInfo(journal).Length is var length && (length == 0 || Directory
            .EnumerateFiles(Path.GetDirectoryName(journal)!, $"{Path.GetFileNameWithoutExtension(journal)}.sent-*.json")
            .Any(file => Read(file)?.Offset >= length));

    /// <summary>A state; null when its file is damaged. Then nothing counts as sent, and the store checks what it has.</summary>
    private static SentState? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(RegularFile.ReadAllBytes(path), TrackingJson.Default.SentState);
        }
        catch (Exception damage) when (damage is JsonException or NotAFileException)
        {
            return null;
        }
    }

    private static bool IsEndOfLine(string journal, long offset)
    {
        using var file = RegularFile.Open(journal);
        if (offset <= 0 || offset > file.Length)
        {
            return offset == 0;
        }

        file.Position = offset - 1;
        return file.ReadByte() == '\n';
    }

    /// <summary>Replaces the file.</summary>
    public void Save(string journal)
    {
        var path = PathOf(journal, Store);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, TrackingJson.Default.SentState));
        File.Move(path + ".new", path, overwrite: true);
    }
}
