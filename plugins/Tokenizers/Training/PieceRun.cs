namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// A file of pieces, sorted by their bytes. Each piece is stored as length, bytes and count. Both numbers are in 7-bit
/// groups, low group first.
/// </summary>
internal sealed class PieceRun : PieceStream
{
    private const int BufferBytes = 1 << 16;
    private readonly string _path;
    private readonly BinaryReader _file;
    private readonly long _end;
    private byte[] _piece = new byte[64];
    private int _length;
    private long _count;

    /// <summary>Opens a file.</summary>
    public PieceRun(string path)
    {
        _path = path;
        _file = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes));
        _end = _file.BaseStream.Length;
    }

    public override ReadOnlySpan<byte> Piece => _piece.AsSpan(0, _length);

    public override long Count => _count;

    /// <summary>Writes a stream to a file and disposes the stream.</summary>
    public static void Write(string path, PieceStream pieces)
    {
        using var file = new BinaryWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes));
        using (pieces)
        {
            while (pieces.Next())
            {
                file.Write7BitEncodedInt(pieces.Piece.Length);
                file.Write(pieces.Piece);
                file.Write7BitEncodedInt64(pieces.Count);
            }
        }
    }

    public override bool Next()
    {
        if (_file.BaseStream.Position == _end)
        {
            return false;
        }

        _length = _file.Read7BitEncodedInt();
        if (_length > _end - _file.BaseStream.Position)
        {
            throw new InvalidDataException($"{_path}: a piece of {_length} bytes at byte {_file.BaseStream.Position} reaches beyond the end of the file. Delete the checkpoint and run again.");
        }

        if (_piece.Length < _length)
        {
            _piece = new byte[Math.Max(_length, (int)Math.Min(2L * _piece.Length, Array.MaxLength))];
        }

        _file.BaseStream.ReadExactly(_piece, 0, _length);
        _count = _file.Read7BitEncodedInt64();
        return true;
    }

    public override void Dispose() => _file.Dispose();
}
