namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// The merges that can happen, with the tokens numbered in the order in which they are made: first the 256 bytes, then
/// one token per merge.
/// </summary>
/// <remarks>
/// Each token can be made by one merge only. Text between two positions that no merge crosses is merged as if it were
/// alone. So if two neighbours are merged into a token, they are the two tokens to which the token's own bytes are
/// merged just before the last merge. A file may list other merges for the same token, as files converted from
/// tiktoken's do. They never happen and are left out here.
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

    /// <summary>Number of tokens: 256 bytes, and one per merge.</summary>
    public int Count { get; private set; } = 256;

    /// <summary>The merges in order. The merge at index 0 makes token 256.</summary>
    public IReadOnlyList<Merge> Merges { get; private set; } = [];

    /// <summary>Orders the merges of a vocabulary.</summary>
    /// <param name="tokens">The bytes of each token by id.</param>
    /// <param name="merges">The merges, lowest rank first.</param>
    /// <returns>
    /// The order, or null if there is none, because a merge uses a token that is made later, or because there are too
    /// many merges.
    /// </returns>
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

    /// <summary>The two tokens that a token is made of. A byte is made of itself.</summary>
    public (int Left, int Right) PartsOf(int token) => _parts[token];

    /// <summary>The bytes of a token.</summary>
    public ReadOnlySpan<byte> Bytes(int token) => _bytes[token];

    /// <summary>
    /// Whether merging the concatenated bytes of two tokens gives these two tokens again. The answers are cached,
    /// because the same pairs are asked for often.
    /// </summary>
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
    /// Undoes the merges on both sides of the border between the two tokens, latest first. In each state it looks at
    /// the two tokens that meet at the border: if an earlier merge had joined them, they would not have stayed apart.
    /// The method is that of the linear-time encoder of the crate <c>bpe</c> (Hendrik van Antwerpen and Alexander
    /// Neubeck, GitHub 2024).
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

            // If both tokens are equal, the left one was made first.
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
