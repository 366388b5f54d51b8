using System.Runtime.InteropServices;
using System.Text;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.BytePair;
using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>Counts the pieces of a corpus on several threads. Merges never cross pieces, so the counts are all that training needs.</summary>
internal sealed class PieceCounter(PieceSplitter splitter, int threads)
{
    private readonly Dictionary<byte[], long>[] _counts = [.. Enumerable.Range(0, threads).Select(_ => new Dictionary<byte[], long>(ByteStrings.Equality))];

    /// <summary>Counts the pieces of some documents.</summary>
    public void Add(IReadOnlyList<Document> documents, CancellationToken cancellationToken)
    {
        var next = -1;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, thread =>
        {
            var sink = new Sink(_counts[thread].GetAlternateLookup<ReadOnlySpan<byte>>());
            while (Interlocked.Increment(ref next) is var index && index < documents.Count)
            {
                splitter.Split(Encoding.UTF8.GetBytes(documents[index].Text), ref sink);
            }
        });
    }

    /// <summary>How often each piece was seen by all threads.</summary>
    public IReadOnlyDictionary<byte[], long> Total()
    {
        var total = _counts[0];
        foreach (var (piece, count) in _counts.Skip(1).SelectMany(counts => counts))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(total, piece, out _) += count;
        }

        return total;
    }

    private readonly struct Sink(Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> counts) : IPieceSink
    {
        public void Add(ReadOnlySpan<byte> text, int start, int end) => CollectionsMarshal.GetValueRefOrAddDefault(counts, text[start..end], out _)++;
    }
}
