namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Finds the tokens to which the bytes of a piece are merged, without merging. It takes the longest token that stays
/// apart from the token before it. If no token fits, it goes back and replaces the token before with a shorter one. The
/// tokens are the same as by merging, and it takes time linear in the length of the piece.
/// </summary>
/// <remarks>
/// The algorithm is that of the crate <c>bpe</c> (Hendrik van Antwerpen and Alexander Neubeck, GitHub 2024).
/// </remarks>
internal sealed class PieceEncoder
{
    private const int WordBits = 64;
    private readonly MergeOrder _order;
    private readonly TokenTrie _trie;
    private readonly int[] _lengths;
    private readonly int[] _ids;

    /// <summary>Makes an encoder for a merge order.</summary>
    /// <param name="order">The merges.</param>
    /// <param name="bytes">The id of each byte's token. Pieces must not contain bytes without a token.</param>
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
                // No token fits here. The token before is replaced with a shorter one, and no other token may end here.
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
