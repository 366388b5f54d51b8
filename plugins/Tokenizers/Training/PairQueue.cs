namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// A priority queue of pairs: the most frequent first, ties as in <see cref="MergeTies"/>. It is a heap with eight
/// children per node, so the tree is shallow and children are adjacent in memory. Counts in the queue may be too high.
/// The caller compares the first pair's count with its true count, and lowers it if necessary.
/// </summary>
internal sealed class PairQueue(MergeTies ties, IReadOnlyList<byte[]> tokens)
{
    private const int Children = 8;
    private Candidate[] _heap = new Candidate[1 << 10];
    private ulong[] _heads = new ulong[1 << 10];
    private int _headsKnown;
    private int _count;

    /// <summary>The first pair, if there is one.</summary>
    public bool TryPeek(out ulong key, out long count)
    {
        (key, count) = _count > 0 ? (_heap[0].Key, _heap[0].Count) : default;
        return _count > 0;
    }

    /// <summary>Adds a pair. Both its tokens must exist.</summary>
    public void Add(ulong key, long count)
    {
        LearnHeads();
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * _count);
        }

        var added = new Candidate(count, key);
        var node = _count++;
        while (node > 0 && IsBefore(added, _heap[(node - 1) / Children]))
        {
            _heap[node] = _heap[(node - 1) / Children];
            node = (node - 1) / Children;
        }

        _heap[node] = added;
    }

    /// <summary>Removes the first pair.</summary>
    public void RemoveFirst()
    {
        var last = _heap[--_count];
        if (_count > 0)
        {
            Sink(last);
        }
    }

    /// <summary>Lowers the count of the first pair.</summary>
    public void LowerFirst(long count) => Sink(new(count, _heap[0].Key));

    private void Sink(Candidate sunk)
    {
        var node = 0;
        while (true)
        {
            var first = (node * Children) + 1;
            if (first >= _count)
            {
                break;
            }

            var best = first;
            var end = Math.Min(first + Children, _count);
            for (var child = first + 1; child < end; child++)
            {
                best = IsBefore(_heap[child], _heap[best]) ? child : best;
            }

            if (!IsBefore(_heap[best], sunk))
            {
                break;
            }

            _heap[node] = _heap[best];
            node = best;
        }

        _heap[node] = sunk;
    }

    private bool IsBefore(in Candidate x, in Candidate y) =>
        x.Count != y.Count ? x.Count > y.Count
        : ties == MergeTies.SmallerId ? x.Key < y.Key
        : Compare((int)(x.Key >> 32), (int)(y.Key >> 32)) is not 0 and var left ? left > 0
        : Compare((int)(uint)x.Key, (int)(uint)y.Key) > 0;

    private int Compare(int x, int y) =>
        x == y ? 0 : _heads[x] != _heads[y] ? _heads[x].CompareTo(_heads[y]) : tokens[x].AsSpan().SequenceCompareTo(tokens[y]);

    private void LearnHeads()
    {
        for (; _headsKnown < tokens.Count; _headsKnown++)
        {
            if (_headsKnown == _heads.Length)
            {
                Array.Resize(ref _heads, 2 * _headsKnown);
            }

            _heads[_headsKnown] = ByteOrder.Head(tokens[_headsKnown]);
        }
    }

    private readonly record struct Candidate(long Count, ulong Key);
}
