using System.Runtime.InteropServices;
using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>Which of the pairs that occur equally often is merged first.</summary>
public enum MergeTies
{
    /// <summary>The one whose bytes are lexicographically greater, left part first (Stanford CS336).</summary>
    Greater,

    /// <summary>The one of smaller ids, left part first (rustbpe of nanochat).</summary>
    SmallerId,
}

/// <summary>
/// Learns merges: again and again the most frequent pair of neighbours becomes a token. Counts of pairs are kept up to date piece by piece, and
/// the queue of pairs is lazy, as in rustbpe: counts only fall once a token exists, so an entry that comes up with an old count is put back.
/// </summary>
internal sealed class BytePairTrainer
{
    private readonly Piece[] _pieces;
    private readonly Dictionary<TokenPair, PairCount> _pairs = [];
    private readonly PriorityQueue<TokenPair, Candidate> _queue;
    private readonly List<byte[]> _tokens = [.. Enumerable.Range(0, 256).Select(value => (byte[])[(byte)value])];

    public BytePairTrainer(IReadOnlyDictionary<byte[], long> pieces, MergeTies ties)
    {
        _pieces = [.. pieces.Select(piece => new Piece(piece.Key, piece.Value))];
        TextBytes = TextTokens;
        _queue = new(new CandidateOrder(_tokens, ties));
        for (var index = 0; index < _pieces.Length; index++)
        {
            var ids = _pieces[index].Ids;
            for (var i = 0; i + 1 < ids.Length; i++)
            {
                Add(new(ids[i], ids[i + 1]), _pieces[index].Count, index);
            }
        }

        foreach (var (pair, count) in _pairs)
        {
            _queue.Enqueue(pair, new(count.Value, pair));
        }
    }

    /// <summary>The tokens so far: the 256 bytes, then one a merge.</summary>
    public IReadOnlyList<byte[]> Tokens => _tokens;

    /// <summary>Bytes of the corpus.</summary>
    public long TextBytes { get; }

    /// <summary>Tokens of the corpus after the merges so far.</summary>
    public long TextTokens => _pieces.Sum(piece => piece.Length * piece.Count);

    /// <summary>Learns one merge, or gives null when no piece has two tokens any more.</summary>
    public Merge? Next()
    {
        while (_queue.TryDequeue(out var pair, out var candidate))
        {
            if (!_pairs.TryGetValue(pair, out var count))
            {
                continue;
            }

            if (count.Value == candidate.Count)
            {
                return Learn(pair, count);
            }

            if (count.Value > 0)
            {
                _queue.Enqueue(pair, new(count.Value, pair));
            }
            else
            {
                _pairs.Remove(pair);
            }
        }

        return null;
    }

    private Merge Learn(TokenPair pair, PairCount count)
    {
        var token = _tokens.Count;
        _tokens.Add([.. _tokens[pair.Left], .. _tokens[pair.Right]]);
        var born = new HashSet<TokenPair>();
        foreach (var index in count.Pieces)
        {
            Replace(pair, token, index, born);
        }

        _pairs.Remove(pair);
        foreach (var each in born.Where(each => _pairs[each].Value > 0))
        {
            _queue.Enqueue(each, new(_pairs[each].Value, each));
        }

        return new(pair, token, token - 256);
    }

    private void Replace(TokenPair pair, int token, int index, HashSet<TokenPair> born)
    {
        ref var piece = ref _pieces[index];
        var ids = piece.Ids;
        var written = 0;
        for (var read = 0; read < piece.Length; read++)
        {
            if (ids[read] != pair.Left || read + 1 == piece.Length || ids[read + 1] != pair.Right)
            {
                ids[written++] = ids[read];
                continue;
            }

            if (written > 0)
            {
                Exchange(new(ids[written - 1], pair.Left), new(ids[written - 1], token), piece.Count);
            }

            if (read + 2 < piece.Length)
            {
                Exchange(new(pair.Right, ids[read + 2]), new(token, ids[read + 2]), piece.Count);
            }

            ids[written++] = token;
            read++;
        }

        piece.Length = written;

        void Exchange(TokenPair gone, TokenPair come, long count)
        {
            _pairs[gone].Value -= count;
            Add(come, count, index);
            born.Add(come);
        }
    }

    private void Add(TokenPair pair, long count, int piece)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _);
        entry ??= new();
        entry.Value += count;
        if (entry.Pieces.Count == 0 || entry.Pieces[^1] != piece)
        {
            entry.Pieces.Add(piece);
        }
    }

    private struct Piece(byte[] bytes, long count)
    {
        public readonly int[] Ids = [.. bytes.Select(value => (int)value)];
        public readonly long Count = count;
        public int Length = bytes.Length;
    }

    private sealed class PairCount
    {
        public long Value { get; set; }

        /// <summary>The pieces that have held the pair, each once.</summary>
        public List<int> Pieces { get; } = [];
    }

    private readonly record struct Candidate(long Count, TokenPair Pair);

    private sealed class CandidateOrder(List<byte[]> tokens, MergeTies ties) : IComparer<Candidate>
    {
        public int Compare(Candidate x, Candidate y)
        {
            var order = y.Count.CompareTo(x.Count);
            return order != 0 ? order
                : ties == MergeTies.SmallerId ? (x.Pair.Left, x.Pair.Right).CompareTo((y.Pair.Left, y.Pair.Right))
                : Bytes(y.Pair.Left, x.Pair.Left) is not 0 and var left ? left
                : Bytes(y.Pair.Right, x.Pair.Right);
        }

        private int Bytes(int left, int right) => tokens[left].AsSpan().SequenceCompareTo(tokens[right]);
    }
}
