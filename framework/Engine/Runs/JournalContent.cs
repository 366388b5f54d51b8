using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>
/// The content of a run's journal. Each line has a checksum of its own, so a damaged line does not hide the lines after
/// it. A last line without its end is what a crash leaves, and is not damage.
/// </summary>
/// <param name="Entries">The entries of all lines that can be read, in order.</param>
/// <param name="Damaged">The numbers of the damaged lines, from 1.</param>
/// <param name="Problem">Why the file cannot be read at all; null when it can.</param>
public sealed record JournalContent(IReadOnlyList<JsonObject> Entries, IReadOnlyList<int> Damaged, string? Problem = null)
{
    private const int ChecksumDigits = 8;
    private const int LinesNamed = 5;

    /// <summary>A journal without lines.</summary>
    public static readonly JournalContent Empty = new([], []);

    /// <summary>Whether the last complete line is damaged, so that nobody knows how the run ended.</summary>
    public bool IsEndDamaged { get; private init; }

    /// <summary>The lines that can be read, with their checksums.</summary>
    public ReadOnlyMemory<byte> Readable { get; private init; }

    /// <summary>What is wrong, for people; null when nothing is.</summary>
    public string? Damage => Problem ?? (Damaged.Count == 0 ? null
        : $"{Damaged.Count} damaged {(Damaged.Count == 1 ? "line" : "lines")} ({string.Join(", ", Damaged.Take(LinesNamed))}{(Damaged.Count > LinesNamed ? ", ..." : "")})");

    /// <summary>Reads a journal. A missing file is an empty one.</summary>
    /// <exception cref="IOException">The file cannot be read at the moment.</exception>
    public static JournalContent Read(string path)
    {
        try
        {
            var content = Parse(RegularFile.ReadAllBytes(path));
            var run = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)));
            return content.Entries.Where(entry => (string?)entry["event"] == RunEvents.RunStarted).Select(entry => (string?)entry["run"]).FirstOrDefault(id => id is not null && id != run) is { } other
                ? Empty with { Problem = $"it is the journal of run {other}" }
                : content;
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return Empty;
        }
        catch (NotAFileException problem)
        {
            return Empty with { Problem = problem.Message };
        }
    }

    /// <summary>The line of an entry, with its checksum.</summary>
    public static byte[] Line(string json) => Encoding.UTF8.GetBytes($"{Checksum(json)} {json}\n");

    private static JournalContent Parse(byte[] bytes)
    {
        var (entries, damaged, readable) = (new List<JsonObject>(), new List<int>(), new MemoryStream());
        var rest = bytes.AsSpan();
        for (var number = 1; rest.IndexOf((byte)'\n') is var end and >= 0; number++)
        {
            if (Entry(Encoding.UTF8.GetString(rest[..end])) is { } entry)
            {
                entries.Add(entry);
                readable.Write(rest[..(end + 1)]);
            }
            else
            {
                damaged.Add(number);
            }

            rest = rest[(end + 1)..];
        }

        return new(entries, damaged)
        {
            IsEndDamaged = damaged.Count > 0 && damaged[^1] == entries.Count + damaged.Count,
            Readable = readable.ToArray(),
        };
    }

    private static JsonObject? Entry(string line)
    {
        if (line.Length <= ChecksumDigits + 1 || Checksum(line[(ChecksumDigits + 1)..]) != line[..ChecksumDigits])
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(line[(ChecksumDigits + 1)..]) is JsonObject entry && entry["event"] is JsonValue && entry["time"] is JsonValue time && time.TryGetValue<DateTimeOffset>(out _)
                ? entry
                : null;
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException)
        {
            return null; // not JSON, or a name twice
        }
    }

    private static string Checksum(string json) => Digest.OfText(json)[..ChecksumDigits];
}
