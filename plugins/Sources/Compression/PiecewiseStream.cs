namespace Experiments.Plugins.Sources.Compression;

/// <summary>
/// Hands out a stream in short pieces. It remembers where the last piece began, and whether the last read found the
/// stream at its end.
/// </summary>
internal sealed class PiecewiseStream(Stream source) : Stream
{
    /// <summary>The most bytes that one read returns.</summary>
    public const int PieceLength = 2048;

    /// <summary>Position of the last piece in the source.</summary>
    public long LastPiece { get; private set; }

    /// <summary>
    /// Whether the last read returned nothing because the source had ended: the caller expected more bytes.
    /// </summary>
    public bool Ended { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        LastPiece = source.Position;
        var read = source.Read(buffer[..Math.Min(buffer.Length, PieceLength)]);
        Ended = read == 0;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
