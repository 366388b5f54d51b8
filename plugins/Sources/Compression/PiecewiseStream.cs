namespace Experiments.Plugins.Sources.Compression;

/// <summary>
/// Hands out a stream in short pieces. It remembers where the last piece began, and whether the last read found the
/// stream at its end.
/// </summary>
internal sealed class PiecewiseStream(Stream source) : ForwardStream
{
    /// <summary>The most bytes that one read returns.</summary>
    public const int PieceLength = 2048;

    /// <summary>Position of the last piece in the source.</summary>
    public long LastPiece { get; private set; }

    /// <summary>
    /// Whether the last read returned nothing because the source had ended: the caller expected more bytes.
    /// </summary>
    public bool Ended { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        LastPiece = source.Position;
        var read = source.Read(buffer[..Math.Min(buffer.Length, PieceLength)]);
        Ended = read == 0;
        return read;
    }
}
