using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>
/// The append-only journal of a run. Each line has the first eight hexadecimal digits of the SHA-256 of its JSON, then
/// the JSON. <see cref="JournalContent"/> reads it.
/// </summary>
/// <remarks>
/// Whoever opens a journal for writing copies its readable lines to a new file, which then gets the journal's name. So
/// a process that wrote it before, and does not know yet that its time is over, cannot mix its lines in. An incomplete
/// last line, which a crash leaves, is not copied. A journal with damaged lines is first kept as
/// <c>journal.jsonl.damaged-1</c>.
/// </remarks>
public sealed class RunJournal : IDisposable
{
    private readonly FileStream _stream;
    private readonly TimeProvider _time;
    private readonly Lease? _lease;
    private readonly Lock _gate = new();

    private RunJournal(FileStream stream, TimeProvider time, Lease? lease) => (_stream, _time, _lease) = (stream, time, lease);

    /// <summary>Opens a journal for appending, or creates it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lease">The lease of the journal's folder. It is checked before each append.</param>
    public static RunJournal Open(string path, TimeProvider time, Lease? lease = null)
    {
        lease?.MustBeHeld();
        var content = JournalContent.Read(path);
        var kept = content.Damage is null ? null : DurableFiles.SetAside(path);
        var journal = new RunJournal(DurableFiles.Reopen(path, stream => stream.Write(content.Readable.Span)), time, lease);
        if (kept is not null)
        {
            journal.Append(RunEvents.JournalRepaired, new JsonObject { ["damage"] = content.Damage, ["kept"] = Path.GetFileName(kept) });
        }

        return journal;
    }

    /// <summary>The entries of a journal, in order; empty when the file does not exist.</summary>
    public static IReadOnlyList<JsonObject> Read(string path) => JournalContent.Read(path).Entries;

    /// <summary>
    /// Appends an entry. Every entry survives a crash of the process. Entries other than the start of a run or a stage
    /// are also flushed to the disk, so that they survive a power loss.
    /// </summary>
    /// <param name="kind">What happened; the entry's <c>event</c>.</param>
    /// <param name="facts">The facts of the entry. The journal adds the time.</param>
    /// <exception cref="LeaseLostException">Another process writes the journal now.</exception>
    public void Append(string kind, JsonObject? facts = null)
    {
        var entry = facts ?? [];
        entry.Insert(0, "event", kind);
        entry.Insert(1, "time", _time.GetUtcNow());
        var line = JournalContent.Line(entry.ToJsonString());
        lock (_gate)
        {
            _lease?.MustBeHeld();
            FaultPoint.Reach();
            _stream.Write(line);
            if (kind is not (RunEvents.RunStarted or RunEvents.StageStarted))
            {
                DurableFiles.SyncFile(_stream);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
