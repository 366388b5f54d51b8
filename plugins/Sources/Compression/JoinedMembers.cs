namespace Experiments.Plugins.Sources.Compression;

/// <summary>
/// The bytes of all members of a source, one after the other. Damage throws a <see cref="DamagedInputException"/>.
/// </summary>
internal sealed class JoinedMembers(MemberSource source) : Stream
{
    private bool _within;

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
        while (_within || source.Next())
        {
            _within = true;
            var read = source.Read(buffer);
            if (read > 0 || buffer.IsEmpty)
            {
                return read;
            }

            _within = false;
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
