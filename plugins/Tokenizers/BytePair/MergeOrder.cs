namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// The merges that are ever made, with the tokens numbered in the order in which they come to be: first the 256 bytes, then one token a merge.
/// </summary>
/// <remarks>
/// A token comes to be in one way only. What lies between two cuts that no merge crosses is merged as if it stood alone, so two neighbours whose
/// bytes together are a token can only be the two that the token's own bytes come to just before they become one. Other merges that a file lists
/// for the token, as files made from tiktoken's do, are never reached and left out here.
/// </remarks>
internal sealed class MergeOrder
{
    private const int AnswerBits = 15;
    private const ulong Apart = 1;
    private const ulong Known = 2;
    private const ulong Scatter = 0x9E3779B97F4A7C15;

    private readonly (int Left, int Right)[] _parts;
    private readonly ulong[] _answers = new ulong[1 << AnswerBits];
    private readonly byte[][] _bytes;
    private readonly MergeTable _pairs;

    private MergeOrder(int merges)
    {
        _pairs = new(merges);
        _bytes = [.. Enumerable.Range(0, 256).Select(value => (byte[])[(byte)value]), .. new byte[merges][]];
        _parts = [.. Enumerable.Range(0, 256).Select(value => (value, value)), .. new (int, int)[merges]];
    }

    /// <summary>Tokens: 256 bytes, and one a merge.</summary>
    public int Count { get; private set; } = 256;

    /// <summary>The merges, in order: the merge at 0 makes token 256.</summary>
    public IReadOnlyList<Merge> Merges { get; private set; } = [];

    /// <summary>Orders the merges of a vocabulary.</summary>
    /// <param name="tokens">The bytes of each token by id.</param>
    /// <param name="merges">The merges, lowest rank first.</param>
    /// <returns>The order, or null when there is none: a merge takes a token that comes to be later, or there are too many.</returns>
    public static MergeOrder? Of(IReadOnlyList<byte[]> tokens, IReadOnlyList<Merge> merges)
    {
        if (merges.Count >= MergeTable.Limit - 256)
        {
            return null;
        }

        var numbers = Enumerable.Repeat(-1, tokens.Count).ToArray();
        for (var id = tokens.Count - 1; id >= 0; id--)
        {
            numbers[id] = tokens[id].Length == 1 ? tokens[id][0] : -1;
        }

        var order = new MergeOrder(merges.Count);
        List<Merge> made = [];
        List<Merge> early = [];
        foreach (var merge in merges)
        {
            var (left, right) = (numbers[merge.Pair.Left], numbers[merge.Pair.Right]);
            if (left < 0 || right < 0)
            {
                early.Add(merge);
            }
            else if (numbers[merge.Token] < 0 && order.UndoneStayApart(left, right))
            {
                order._pairs.Add(left, right, order.Count);
                numbers[merge.Token] = order.Count;
                (order._parts[order.Count], order._bytes[order.Count]) = ((left, right), tokens[merge.Token]);
                order.Count++;
                made.Add(merge);
            }
        }

        order.Merges = made;
        return early.Exists(merge => numbers[merge.Token] < 0 && numbers[merge.Pair.Left] is >= 0 and var left && numbers[merge.Pair.Right] is >= 0 and var right && order.UndoneStayApart(left, right))
            ? null
            : order;
    }

    /// <summary>The two that a token is made of; a byte is made of itself.</summary>
    public (int Left, int Right) PartsOf(int token) => _parts[token];

    /// <summary>The bytes of a token.</summary>
    public ReadOnlySpan<byte> Bytes(int token) => _bytes[token];

    /// <summary>Whether merging the bytes of two tokens, one behind the other, gives these two again. The answers are remembered, for the same two meet often.</summary>
    public bool StayApart(int left, int right)
    {
        var key = ((ulong)(uint)left << 22) | (uint)right;
        ref var answer = ref _answers[(int)((key * Scatter) >> (64 - AnswerBits))];
        var known = Volatile.Read(ref answer);
        if (known >> 2 == key && (known & Known) != 0)
        {
            return (known & Apart) != 0;
        }

        var apart = UndoneStayApart(left, right);
        Volatile.Write(ref answer, (key << 2) | Known | (apart ? Apart : 0));
        return apart;
    }

    /// <remarks>
    /// The merges are undone at the seam, the latest first, and at each moment the two tokens that met there are looked at: had they a merge that
    /// would have come before, the seam would not have held. From the linear-time encoder of the crate <c>bpe</c> (Hendrik van Antwerpen and
    /// Alexander Neubeck, GitHub 2024).
    /// </remarks>
    private bool UndoneStayApart(int left, int right)
    {
        var limit = int.MaxValue;
        while (true)
        {
            if ((uint)_pairs.Find(left, right) < (uint)limit)
            {
                return false;
            }

            // Of equal tokens the left one came to be first.
            if (left > right ? UndoLeft() || UndoRight() : UndoRight() || UndoLeft())
            {
                continue;
            }

            return true;
        }

        bool UndoLeft()
        {
            limit = left;
            left = _parts[left].Right;
            return left != limit;
        }

        bool UndoRight()
        {
            limit = right + 1;
            right = _parts[right].Left;
            return right + 1 != limit;
        }
    }
}
