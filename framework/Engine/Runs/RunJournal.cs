using System.Text;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>
/// What happened in a run, append-only: each line is eight hexadecimal digits of the SHA-256 of the JSON behind them. A line torn by a crash,
/// and all behind it, is no part of the journal and is cut off when the journal is opened again.
/// </summary>
public sealed class RunJournal : IDisposable
{
    private const int ChecksumDigits = 8;
    private readonly FileStream _stream;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    private RunJournal(FileStream stream, TimeProvider time) => (_stream, _time) = (stream, time);

    /// <summary>Opens a journal to append, or starts it.</summary>
    public static RunJournal Open(string path, TimeProvider time)
    {
        var whole = File.Exists(path) ? ReadWhole(path).Length : 0;
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.SetLength(whole);
        stream.Position = whole;
        return new(stream, time);
    }

    /// <summary>The entries of a journal, in order; none when there is no file.</summary>
    public static IReadOnlyList<JsonObject> Read(string path) => File.Exists(path) ? ReadWhole(path).Entries : [];

    /// <summary>Appends an entry. What it tells survives the process; what ended a stage or the run, the machine too.</summary>
    /// <param name="kind">What happened: the entry's <c>event</c>.</param>
    /// <param name="facts">What is to be known of it; the journal adds the time.</param>
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
