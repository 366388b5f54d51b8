namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Merges the bytes of a piece, one merge after another: always the pair with the lowest rank, and of equal ranks the
/// leftmost. This is the definition of the ids. <see cref="PieceEncoder"/> computes the same ids faster if the merges
/// have an order.
/// </summary>
/// <param name="bytes">The id of each byte's token, or -1 if it has none: such a byte is dropped.</param>
/// <param name="merges">The merges.</param>
internal sealed class PieceMerger(IReadOnlyList<int> bytes, IReadOnlyList<Merge> merges)
{
    private const int Gone = -1;

    private readonly Dictionary<TokenPair, Merge> _merges = merges.ToDictionary(merge => merge.Pair);

    /// <summary>The tokens of the bytes, before any merge.</summary>
    public int[] Parts(ReadOnlySpan<byte> piece)
    {
        var parts = new int[piece.Length];
        var count = 0;
        foreach (var value in piece)
        {
            parts[count] = bytes[value];
            count += parts[count] == Gone ? 0 : 1;
        }

        return parts[..count];
    }

    /// <summary>
    /// Merges a piece, with a linked list of tokens and a priority queue of the pairs by rank and place.
    /// </summary>
    /// <param name="piece">The bytes.</param>
    /// <param name="made">Called with each merge and the position of its first byte.</param>
    /// <returns>The ids.</returns>
    public List<int> Merge(ReadOnlySpan<byte> piece, Action<Merge, int>? made = null)
    {
        var parts = Parts(piece);
        int[] next = [.. Enumerable.Range(1, parts.Length)];
        int[] previous = [.. Enumerable.Range(-1, parts.Length)];
        var queue = new PriorityQueue<Merge, (int Rank, int Place)>(parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            Enqueue(i);
        }

        while (queue.TryDequeue(out var merge, out var entry))
        {
            var left = entry.Place;
            var right = next[left];
            if (parts[left] != merge.Pair.Left || right == parts.Length || parts[right] != merge.Pair.Right)
            {
                continue; // a neighbour was merged in the meantime
            }

            (parts[left], parts[right], next[left]) = (merge.Token, Gone, next[right]);
            if (next[left] < parts.Length)
            {
                previous[next[left]] = left;
            }

            made?.Invoke(merge, left);
            Enqueue(previous[left]);
            Enqueue(left);
        }

        List<int> ids = [];
        for (var i = 0; i < parts.Length; i = next[i])
        {
            ids.Add(parts[i]);
        }

        return ids;

        void Enqueue(int left)
        {
            if (left >= 0 && next[left] < parts.Length && _merges.TryGetValue(new(parts[left], parts[next[left]]), out var merge))
            {
                queue.Enqueue(merge, (merge.Rank, left));
            }
        }
    }
}
