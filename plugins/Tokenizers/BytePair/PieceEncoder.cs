namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Finds what the bytes of a piece merge to, without merging: the longest token is taken as long as it and the one before it stay apart, else the
/// next shorter one, and where none fits the token before is taken back. The same tokens as by merges, in time linear in the piece.
/// </summary>
/// <remarks>After the crate <c>bpe</c> (Hendrik van Antwerpen and Alexander Neubeck, GitHub 2024).</remarks>
internal sealed class PieceEncoder
{
    private const int WordBits = 64;
    private readonly MergeOrder _order;
    private readonly TokenTrie _trie;
    private readonly int[] _lengths;
    private readonly int[] _ids;

    /// <summary>Makes the encoder of a merge order.</summary>
    /// <param name="order">The merges.</param>
    /// <param name="bytes">The id of each byte's token; a byte without one must not be in a piece.</param>
    public PieceEncoder(MergeOrder order, IReadOnlyList<int> bytes)
    {
        _order = order;
        _trie = new(order);
        _lengths = [.. Enumerable.Range(0, order.Count).Select(token => order.Bytes(token).Length)];
        _ids = [.. bytes, .. order.Merges.Select(merge => merge.Token)];
    }

    /// <summary>Appends the ids of a piece.</summary>
    public void Append(ReadOnlySpan<byte> piece, TokenBuffer ids)
    {
        var words = (piece.Length / WordBits) + 1;
        var closed = words == 1 ? stackalloc ulong[1] : ids.Cleared(words);
        var room = ids.Room(piece.Length);
        var (count, start) = (0, 0);
        for (var token = _trie.Longest(piece, out var length); token >= 0;)
        {
            var end = start + length;
            if ((closed[end / WordBits] >> (end % WordBits) & 1) == 0 && (count == 0 || _order.StayApart(room[count - 1], token)))
            {
                room[count++] = token;
                start = end;
                token = end < piece.Length ? _trie.Longest(piece[end..], out length) : -1;
            }
            else if (_trie.Shorter(token) is >= 0 and var shorter)
            {
                (token, length) = (shorter, _lengths[shorter]);
            }
            else
            {
                // No way on from here: the token before gives way to a shorter one, and no other will end here.
                closed[start / WordBits] |= 1UL << (start % WordBits);
                token = room[--count];
                length = _lengths[token];
                start -= length;
            }
        }

        foreach (ref var token in room[..count])
        {
            token = _ids[token];
        }

        ids.Count += count;
    }
}
