using System.Runtime.CompilerServices;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>Merges the bytes of one piece: always the pair of the lowest rank, of equal ones the leftmost.</summary>
internal sealed class PieceMerger(IReadOnlyList<byte[]> tokens, IReadOnlyList<Merge> merges)
{
    private const int LongestScan = 128;
    private const int NoMerge = int.MaxValue;
    private const int Gone = -1;

    private readonly int[] _bytes = SingleBytes(tokens);
    private readonly Dictionary<TokenPair, Merge> _merges = merges.ToDictionary(merge => merge.Pair);

    /// <summary>Appends the ids of a piece. A byte without a token vanishes, as with Hugging Face.</summary>
    [SkipLocalsInit]
    public void Append(ReadOnlySpan<byte> piece, List<int> ids)
    {
        var isShort = piece.Length <= LongestScan;
        var parts = isShort ? stackalloc int[LongestScan] : new int[piece.Length];
        var count = 0;
        foreach (var value in piece)
        {
            parts[count] = _bytes[value];
            count += parts[count] == Gone ? 0 : 1;
        }

        if (isShort)
        {
            Scan(parts, count, ids);
        }
        else
        {
            Queue(parts[..count].ToArray(), ids);
        }
    }

    /// <summary>Looks all pairs over for each merge: quadratic, and the fastest for the few bytes of a word.</summary>
    [SkipLocalsInit]
    private void Scan(Span<int> parts, int count, List<int> ids)
    {
        Span<int> ranks = stackalloc int[LongestScan];
        for (var i = 0; i + 1 < count; i++)
        {
            ranks[i] = Rank(parts[i], parts[i + 1]);
        }

        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i + 1 < count; i++)
            {
                best = ranks[i] < ranks[best] ? i : best;
            }

            if (ranks[best] == NoMerge)
            {
                break;
            }

            parts[best] = _merges[new(parts[best], parts[best + 1])].Token;
            parts[(best + 2)..count].CopyTo(parts[(best + 1)..]);
            ranks[(best + 1)..count].CopyTo(ranks[best..]);
            count--;
            if (best > 0)
            {
                ranks[best - 1] = Rank(parts[best - 1], parts[best]);
            }

            if (best + 1 < count)
            {
                ranks[best] = Rank(parts[best], parts[best + 1]);
            }
        }

        ids.AddRange(parts[..count]);
    }

    /// <summary>A linked list and a queue of the pairs by rank and place: O(n log n), so that a megabyte without a space is no trap.</summary>
    private void Queue(int[] parts, List<int> ids)
    {
        int[] next = [.. Enumerable.Range(1, parts.Length)];
        int[] previous = [.. Enumerable.Range(-1, parts.Length)];
        var queue = new PriorityQueue<Merge, ulong>(parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            Enqueue(i);
        }

        while (queue.TryDequeue(out var merge, out var place))
        {
            var left = (int)(uint)place;
            var right = next[left];
            if (parts[left] != merge.Pair.Left || right == parts.Length || parts[right] != merge.Pair.Right)
            {
                continue; // a neighbour was merged away meanwhile
            }

            (parts[left], parts[right], next[left]) = (merge.Token, Gone, next[right]);
            if (next[left] < parts.Length)
            {
                previous[next[left]] = left;
            }

            Enqueue(previous[left]);
            Enqueue(left);
        }

        for (var i = 0; i < parts.Length; i = next[i])
        {
            ids.Add(parts[i]);
        }

        void Enqueue(int left)
        {
            if (left >= 0 && next[left] < parts.Length && _merges.TryGetValue(new(parts[left], parts[next[left]]), out var merge))
            {
                queue.Enqueue(merge, Place(merge, left));
            }
        }

        static ulong Place(Merge merge, int left) => ((ulong)(uint)merge.Rank << 32) | (uint)left;
    }

    private int Rank(int left, int right) => _merges.TryGetValue(new(left, right), out var merge) ? merge.Rank : NoMerge;

    private static int[] SingleBytes(IReadOnlyList<byte[]> tokens)
    {
        var ids = Enumerable.Repeat(Gone, 256).ToArray();
        for (var id = 0; id < tokens.Count; id++)
        {
            if (tokens[id].Length == 1 && ids[tokens[id][0]] == Gone)
            {
                ids[tokens[id][0]] = id;
            }
        }

        return ids;
    }
}
