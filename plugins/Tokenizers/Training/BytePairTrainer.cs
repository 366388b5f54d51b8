using System.Runtime.CompilerServices;
using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// Learns merges: the most frequent pair of neighbours becomes a token, again and again. The places of each pair in the
/// text are known, so a merge takes time only for what it changes. All places of a pair arise, in order, in the merge
/// that makes the later of its two tokens. So each merge produces one list of places, and each pair has a range of that
/// list. The queue is lazy, as in rustbpe, because the count of a pair can only fall once both tokens exist.
/// </summary>
internal sealed class BytePairTrainer
{
    private const int Bytes = 256;

    private readonly PieceArena _text;
    private readonly PairTable _pairs = new();
    private readonly PairQueue _queue;
    private readonly PairBirths _births = new();
    private readonly List<byte[]> _tokens = [.. Enumerable.Range(0, Bytes).Select(value => (byte[])[(byte)value])];

    /// <summary>
    /// Places of pairs, by the merge that makes the pair's later token. The places of pairs of bytes come first.
    /// </summary>
    private readonly List<int[]> _places = [];

    public BytePairTrainer(PieceCounts pieces, MergeTies ties, int threads = 1)
    {
        _text = new(pieces);
        _queue = new(ties, _tokens);
        (TextBytes, TextTokens) = (pieces.TextBytes, pieces.TextBytes);
        var pairs = BytePairs.Count(_text, threads);
        _places.Add(pairs.Places);
        foreach (var pair in pairs.Pairs)
        {
            _pairs.Add(pair);
            _queue.Add(pair.Key, pair.Count);
        }
    }

    /// <summary>The tokens so far: the 256 bytes, then one per merge.</summary>
    public IReadOnlyList<byte[]> Tokens => _tokens;

    /// <summary>Size of the corpus. Unit: bytes.</summary>
    public long TextBytes { get; }

    /// <summary>Number of tokens in the corpus after the merges so far.</summary>
    public long TextTokens { get; private set; }

    /// <summary>Learns one merge; null if no piece has two tokens any more.</summary>
    public Merge? Next()
    {
        while (_queue.TryPeek(out var key, out var count))
        {
            ref var entry = ref _pairs.Find(key);
            if (Unsafe.IsNullRef(ref entry))
            {
                _queue.RemoveFirst();
            }
            else if (entry.Count < count)
            {
                _queue.LowerFirst(entry.Count);
            }
            else
            {
                _queue.RemoveFirst();
                return Learn(key, ref entry);
            }
        }

        return null;
    }

    /// <summary>Repeats a merge that was learned before from the same pieces after the same merges.</summary>
    /// <exception cref="InvalidDataException">The pair is not in the text.</exception>
    public Merge Repeat(TokenPair pair)
    {
        var key = PairTable.Key(pair.Left, pair.Right);
        ref var entry = ref _pairs.Find(key);
        return Unsafe.IsNullRef(ref entry)
            ? throw new InvalidDataException($"Merge {_tokens.Count - Bytes} of the checkpoint, {pair.Left} {pair.Right}, is not a pair in its pieces. Delete the checkpoint and run again.")
            : Learn(key, ref entry);
    }

    private Merge Learn(ulong key, ref PairEntry entry)
    {
        var pair = PairTable.Pair(key);
        var token = _tokens.Count;
        var places = _places[Math.Max(0, Math.Max(pair.Left, pair.Right) - Bytes + 1)].AsSpan(entry.Start, entry.Length);
        _pairs.Remove(ref entry);
        _tokens.Add([.. _tokens[pair.Left], .. _tokens[pair.Right]]);
        _text.AddToken(token, _tokens[token].Length);
        _births.Begin(token);
        Replace(pair, token, places);
        _places.Add(_births.SortPlaces());
        foreach (var neighbour in _births.Neighbours)
        {
            Settle(pair, token, neighbour);
        }

        return new(pair, token, token - Bytes);
    }

    /// <summary>
    /// Replaces the pair with the token at all its places. The places are in order, so of two overlapping places the
    /// left one is replaced.
    /// </summary>
    private void Replace(TokenPair pair, int token, ReadOnlySpan<int> places)
    {
        var (leftLength, rightLength, replaced) = (_text.Length(pair.Left), _text.Length(pair.Right), 0L);
        foreach (var place in places)
        {
            var right = place + leftLength;
            if (_text[place] != pair.Left || _text[right] != pair.Right)
            {
                continue; // a neighbour was merged in the meantime
            }

            var weight = _text.Weight(place);
            var end = right + rightLength;
            var (before, after) = (_text[place - 1], _text[end]);
            replaced += weight;
            _text.Join(token, place, right, end);
            if (before == token)
            {
                // The token just made directly to the left was counted next to this pair's left token, which is now
                // merged.
                _births[PairBirths.Right(pair.Left)].Born -= weight;
            }

            if (before != PieceArena.None)
            {
                _births.Meet(PairBirths.Left(before), place - _text.Length(before), weight, gone: before == token ? 0 : weight);
            }

            if (after != PieceArena.None)
            {
                _births.Meet(PairBirths.Right(after), place, weight, gone: weight);
            }
        }

        TextTokens -= replaced;
    }

    private void Settle(TokenPair pair, int token, int neighbour)
    {
        ref var change = ref _births[neighbour];
        var (other, isLeft) = (neighbour >> 1, (neighbour & 1) == 0);
        var gone = isLeft ? PairTable.Key(other, pair.Left) : PairTable.Key(pair.Right, other);
        if (change.Gone > 0 && gone != PairTable.Key(pair.Left, pair.Right))
        {
            ref var entry = ref _pairs.Find(gone);
            if (entry.Count == change.Gone)
            {
                _pairs.Remove(ref entry);
            }
            else
            {
                entry.Count -= change.Gone;
            }
        }

        if (change.Born > 0)
        {
            var born = isLeft ? PairTable.Key(other, token) : PairTable.Key(token, other);
            _pairs.Add(new() { Key = born, Count = change.Born, Start = change.Start, Length = change.Places });
            _queue.Add(born, change.Born);
        }
    }
}
