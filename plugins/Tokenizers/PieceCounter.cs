using System.Runtime.InteropServices;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers;

/// <summary>Counts the pieces of a corpus on several threads. Merges never cross pieces, so the counts are all that training needs.</summary>
internal sealed class PieceCounter(SplitPattern split, int threads)
{
    private readonly Dictionary<string, long>[] _counts = [.. Enumerable.Range(0, threads).Select(_ => new Dictionary<string, long>())];

    /// <summary>Counts the pieces of some documents.</summary>
    public void Add(IReadOnlyList<Document> documents, CancellationToken cancellationToken)
    {
        var next = -1;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, thread =>
        {
            while (Interlocked.Increment(ref next) is var index && index < documents.Count)
            {
                Count(documents[index].Text, _counts[thread].GetAlternateLookup<ReadOnlySpan<char>>());
            }
        });
    }

    /// <summary>How often each piece was seen by all threads.</summary>
    public IReadOnlyDictionary<string, long> Total()
    {
        var total = _counts[0];
        foreach (var (piece, count) in _counts.Skip(1).SelectMany(counts => counts))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(total, piece, out _) += count;
        }

        return total;
    }

    private void Count(string text, Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> counts)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = PieceSplitter.PieceEnd(text, start, split);
            CollectionsMarshal.GetValueRefOrAddDefault(counts, text.AsSpan(start, end - start), out _)++;
        }
    }
}
