namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// Merges several streams into one. The counts of a piece that is in several streams are added. It takes the memory of
/// one piece per stream.
/// </summary>
internal sealed class MergedPieces : PieceStream
{
    private readonly IReadOnlyList<PieceStream> _streams;
    private readonly PriorityQueue<PieceStream, PieceStream> _next = new(Comparer<PieceStream>.Create((x, y) => x.Piece.SequenceCompareTo(y.Piece)));
    private byte[] _piece = new byte[64];
    private int _length;
    private long _count;

    /// <summary>Merges the streams, and disposes them with this object.</summary>
    public MergedPieces(IReadOnlyList<PieceStream> streams)
    {
        _streams = streams;
        foreach (var stream in streams)
        {
            if (stream.Next())
            {
                _next.Enqueue(stream, stream);
            }
        }
    }

    public override ReadOnlySpan<byte> Piece => _piece.AsSpan(0, _length);

    public override long Count => _count;

    public override bool Next()
    {
        if (!_next.TryPeek(out var first, out _))
        {
            return false;
        }

        (_length, _count) = (first.Piece.Length, 0);
        if (_piece.Length < _length)
        {
            _piece = new byte[Math.Max(_length, (int)Math.Min(2L * _piece.Length, Array.MaxLength))];
        }

        first.Piece.CopyTo(_piece);
        while (_next.TryPeek(out var stream, out _) && stream.Piece.SequenceEqual(Piece))
        {
            _count = checked(_count + stream.Count);
            _next.Dequeue();
            if (stream.Next())
            {
                _next.Enqueue(stream, stream);
            }
        }

        return true;
    }

    public override void Dispose()
    {
        foreach (var stream in _streams)
        {
            stream.Dispose();
        }
    }
}
