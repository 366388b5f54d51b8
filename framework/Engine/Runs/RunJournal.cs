using System.Text;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>
/// The append-only journal of a run. Each line has the first eight hexadecimal digits of the SHA-256 of its JSON, then
/// the JSON. An incomplete line, which a crash leaves, and everything after it are ignored, and are removed when the
/// journal is opened again.
/// </summary>
public sealed class RunJournal : IDisposable
{
    private const int ChecksumDigits = 8;
    private readonly FileStream _stream;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    private RunJournal(FileStream stream, TimeProvider time) => (_stream, _time) = (stream, time);

    /// <summary>Opens a journal for appending, or creates it.</summary>
    public static RunJournal Open(string path, TimeProvider time)
    {
        var whole = File.Exists(path) ? ReadWhole(path).Length : 0;
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.SetLength(whole);
        stream.Position = whole;
        return new(stream, time);
    }

    /// <summary>The entries of a journal, in order; empty when the file does not exist.</summary>
    public static IReadOnlyList<JsonObject> Read(string path) => File.Exists(path) ? ReadWhole(path).Entries : [];

    /// <summary>
    /// Appends an entry. Every entry survives a crash of the process. Entries other than the start of a run or a stage
    /// are also flushed to the disk, so that they survive a power loss.
    /// </summary>
    /// <param name="kind">What happened; the entry's <c>event</c>.</param>
    /// <param name="facts">The facts of the entry. The journal adds the time.</param>
    public void Append(string kind, JsonObject? facts = null)
    {
        var entry = facts ?? [];
        entry.Insert(0, "event", kind);
        entry.Insert(1, "time", _time.GetUtcNow());
        var json = entry.ToJsonString();
        lock (_gate)
        {
            FaultPoint.Reach();
            _stream.Write(Encoding.UTF8.GetBytes($"{Checksum(json)} {json}\n"));
            if (kind is not (RunEvents.RunStarted or RunEvents.StageStarted))
            {
                DurableFiles.SyncFile(_stream);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static string Checksum(string json) => Digest.OfText(json)[..ChecksumDigits];

    private static (IReadOnlyList<JsonObject> Entries, long Length) ReadWhole(string path)
    {
        List<JsonObject> entries = [];
        var length = 0L;
        var rest = File.ReadAllBytes(path).AsSpan();
        while (rest.IndexOf((byte)'\n') is var end and >= 0)
        {
            var line = Encoding.UTF8.GetString(rest[..end]);
            if (line.Length <= ChecksumDigits + 1 || Checksum(line[(ChecksumDigits + 1)..]) != line[..ChecksumDigits])
            {
                break;
            }

            entries.Add(JsonNode.Parse(line[(ChecksumDigits + 1)..])!.AsObject());
            length += end + 1;
            rest = rest[(end + 1)..];
        }

        return (entries, length);
    }
}
