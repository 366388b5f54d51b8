namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>The pieces to learn from with their counts, sorted by their bytes.</summary>
internal sealed class PieceCounts
{
    private byte[] _bytes = new byte[1 << 16];
    private int[] _ends = new int[1 << 10];
    private long[] _counts = new long[1 << 10];

    private PieceCounts()
    {
    }

    /// <summary>Number of different pieces.</summary>
    public int Count { get; private set; }

    /// <summary>Total length of all pieces, each multiplied by its count. Unit: bytes.</summary>
    public long TextBytes { get; private set; }

    /// <summary>Total length of all pieces, each counted once. Unit: bytes.</summary>
    public int PieceBytes => Count == 0 ? 0 : _ends[Count - 1];

    /// <summary>The bytes of a piece.</summary>
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(index == 0 ? 0 : _ends[index - 1], Length(index));

    /// <summary>The count of each piece.</summary>
    public ReadOnlySpan<long> Counts => _counts.AsSpan(0, Count);

    /// <summary>Length of a piece. Unit: bytes.</summary>
    public int Length(int index) => _ends[index] - (index == 0 ? 0 : _ends[index - 1]);

    /// <summary>Collects all pieces of a stream.</summary>
    public static PieceCounts All(PieceStream pieces)
    {
        var all = new PieceCounts();
        using (pieces)
        {
            while (pieces.Next())
            {
                all.Add(pieces.Piece, pieces.Count);
            }
        }

        return all;
    }

    /// <summary>
    /// Collects the most frequent pieces; of equally frequent ones those that come first in the order of bytes. The
    /// stream is read twice, so that only these pieces are held in memory.
    /// </summary>
    /// <param name="open">Opens the stream.</param>
    /// <param name="maximum">Maximum number of pieces.</param>
    /// <param name="totals">Totals over all pieces of the stream.</param>
    public static PieceCounts MostFrequent(Func<PieceStream> open, int maximum, out PieceTotals totals)
    {
        var piecesByCount = new SortedDictionary<long, long>();
        totals = new(0, 0);
        using (var pieces = open())
        {
            while (pieces.Next())
            {
                piecesByCount[pieces.Count] = piecesByCount.GetValueOrDefault(pieces.Count) + 1;
                totals = checked(new(totals.Pieces + 1, totals.TextBytes + (pieces.Piece.Length * pieces.Count)));
            }
        }

        var (least, left) = (0L, (long)maximum);
        foreach (var (count, number) in piecesByCount.Reverse())
        {
            if (number > left)
            {
                least = count;
                break;
            }

            left -= number;
        }

        var most = new PieceCounts();
        using (var pieces = open())
        {
            while (pieces.Next())
            {
                if (pieces.Count > least || (pieces.Count == least && left-- > 0))
                {
                    most.Add(pieces.Piece, pieces.Count);
                }
            }
        }

        return most;
    }

    /// <summary>The pieces as a stream.</summary>
    public PieceStream Sorted() => new Stream(this);

    private void Add(ReadOnlySpan<byte> piece, long count)
    {
        var end = (long)PieceBytes + piece.Length;
        if (end > Array.MaxLength)
        {
            throw new InvalidDataException($"The unique pieces have more than {Array.MaxLength} bytes after {Count} of them. Set maximum_pieces below that.");
        }

        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(2L * _bytes.Length, end), Array.MaxLength));
        }

        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, 2 * Count);
            Array.Resize(ref _counts, 2 * Count);
        }

        piece.CopyTo(_bytes.AsSpan(PieceBytes));
        (_ends[Count], _counts[Count]) = ((int)end, count);
        Count++;
        TextBytes = checked(TextBytes + (piece.Length * count));
    }

    private sealed class Stream(PieceCounts pieces) : PieceStream
    {
        private int _at = -1;

        public override ReadOnlySpan<byte> Piece => pieces[_at];

        public override long Count => pieces.Counts[_at];

        public override bool Next() => ++_at < pieces.Count;
    }
}

/// <summary>Totals over the pieces of a corpus.</summary>
/// <param name="Pieces">Number of different pieces.</param>
/// <param name="TextBytes">Size of the text. Unit: bytes.</param>
internal sealed record PieceTotals(long Pieces, long TextBytes);
