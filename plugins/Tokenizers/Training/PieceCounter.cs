using System.Globalization;
using System.Text;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// Counts the pieces of a corpus on several threads. Merges never cross pieces, so the counts are all that training
/// needs. When the tables become too large, they are written to sorted files. The files are merged with later counts,
/// so the counts are exact although memory is bounded.
/// </summary>
internal sealed class PieceCounter : IDisposable
{
    private const int MostRuns = 64;
    private const string CountedFile = "counted.run";
    private const string SpilledFiles = "spilled-*.run";

    private readonly PieceSplitter _splitter;
    private readonly PieceTable[] _tables;
    private readonly byte[][] _texts;
    private readonly Spills? _spills;
    private readonly List<string> _runs = [];
    private int _runsWritten;

    /// <summary>
    /// Makes a counter that uses several threads. Without <paramref name="spills"/> everything stays in memory.
    /// </summary>
    public PieceCounter(PieceSplitter splitter, int threads, Spills? spills = null)
    {
        (_splitter, _spills) = (splitter, spills);
        _tables = [.. Enumerable.Range(0, threads).Select(_ => new PieceTable())];
        _texts = [.. Enumerable.Range(0, threads).Select(_ => Array.Empty<byte>())];
    }

    /// <summary>Size of the texts counted by this object. Unit: bytes.</summary>
    public long TextBytes { get; private set; }

    /// <summary>How often memory was full and counts were written to a file.</summary>
    public int TimesSpilled { get; private set; }

    /// <summary>Counts the pieces of some documents.</summary>
    public void Add(IReadOnlyList<Document> documents, CancellationToken cancellationToken)
    {
        var (next, bytes) = (-1, 0L);
        Parallel.For(0, _tables.Length, new ParallelOptions { MaxDegreeOfParallelism = _tables.Length, CancellationToken = cancellationToken }, thread =>
        {
            var sink = new Sink(_tables[thread]);
            while (Interlocked.Increment(ref next) is var index && index < documents.Count)
            {
                var text = Utf8(documents[index].Text, ref _texts[thread]);
                Interlocked.Add(ref bytes, text.Length);
                _splitter.Split(text, ref sink);
            }
        });
        TextBytes += bytes;
        SpillIfLarge();
    }

    /// <summary>All pieces with their counts.</summary>
    public PieceCounts Total() => MostFrequent(int.MaxValue, out _);

    /// <summary>The most frequent pieces, see <see cref="PieceCounts.MostFrequent"/>.</summary>
    public PieceCounts MostFrequent(int maximum, out PieceTotals totals) => PieceCounts.MostFrequent(() => Merged(withRuns: true), maximum, out totals);

    /// <summary>Writes all counts into a folder.</summary>
    public void Save(string folder)
    {
        PieceRun.Write(Path.Combine(folder, CountedFile), Merged(withRuns: false));
        foreach (var run in _runs)
        {
            File.Copy(run, Path.Combine(folder, Path.GetFileName(run)));
        }
    }

    /// <summary>Adds the counts that were saved in a folder. Afterwards the folder is no longer needed.</summary>
    public void Load(string folder)
    {
        foreach (var saved in Directory.EnumerateFiles(folder, SpilledFiles).Order(StringComparer.Ordinal))
        {
            File.Copy(saved, NewRun());
        }

        using (var counted = new PieceRun(Path.Combine(folder, CountedFile)))
        {
            while (counted.Next())
            {
                _tables[0].Add(counted.Piece, counted.Count);
            }
        }

        SpillIfLarge();
    }

    /// <summary>Deletes the files of spilled counts.</summary>
    public void Dispose()
    {
        _runs.ForEach(File.Delete);
        _runs.Clear();
    }

    private MergedPieces Merged(bool withRuns) =>
        new([.. _tables.AsParallel().AsOrdered().Select(table => table.Sorted()), .. withRuns ? _runs.Select(run => new PieceRun(run)) : []]);

    private void SpillIfLarge()
    {
        if (_spills is null || _tables.Sum(table => table.Memory) <= _spills.Memory)
        {
            return;
        }

        var counted = Merged(withRuns: false);
        PieceRun.Write(NewRun(), counted);
        TimesSpilled++;
        foreach (var table in _tables)
        {
            table.Clear();
        }

        if (_runs.Count == MostRuns)
        {
            string[] old = [.. _runs];
            _runs.Clear();
            PieceRun.Write(NewRun(), new MergedPieces([.. old.Select(run => new PieceRun(run))]));
            Array.ForEach(old, File.Delete);
        }
    }

    private string NewRun()
    {
        var spills = _spills ?? throw new InvalidOperationException("There is no folder for spilled pieces.");
        var path = Path.Combine(spills.Folder, string.Create(CultureInfo.InvariantCulture, $"spilled-{_runsWritten++:D6}.run"));
        _runs.Add(path);
        return path;
    }

    private static ReadOnlySpan<byte> Utf8(string text, ref byte[] buffer)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (buffer.Length < length)
        {
            buffer = new byte[Math.Min(length + (length / 4L), Array.MaxLength)];
        }

        Encoding.UTF8.GetBytes(text, buffer);
        return buffer.AsSpan(0, length);
    }

    private readonly struct Sink(PieceTable table) : IPieceSink
    {
        public void Add(ReadOnlySpan<byte> text, int start, int end) => table.Add(text[start..end]);
    }
}

/// <summary>Where counts are written when memory is full.</summary>
/// <param name="Folder">Folder for the files.</param>
/// <param name="Memory">Maximum memory for pieces. One batch of documents may exceed it. Unit: bytes.</param>
internal sealed record Spills(string Folder, long Memory);
