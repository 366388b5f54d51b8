namespace Experiments.Plugins.Sources.Compression;

/// <summary>Hands out a stream in short pieces and remembers where the last one began, and whether more was asked for than there was.</summary>
internal sealed class PiecewiseStream(Stream source) : ForwardStream
{
    /// <summary>The most bytes that one read gives.</summary>
    public const int PieceLength = 2048;

    /// <summary>Position of the last piece in the source.</summary>
    public long LastPiece { get; private set; }

    /// <summary>Whether a read met the end: whoever asked was not done yet.</summary>
    public bool Ended { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        LastPiece = source.Position;
        var read = source.Read(buffer[..Math.Min(buffer.Length, PieceLength)]);
        Ended = read == 0;
        return read;
    }
}
