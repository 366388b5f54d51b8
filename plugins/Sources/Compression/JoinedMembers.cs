namespace Experiments.Plugins.Sources.Compression;

/// <summary>
/// The bytes of all members of a source, one after the other. Damage throws a <see cref="DamagedInputException"/>.
/// </summary>
internal sealed class JoinedMembers(MemberSource source) : ForwardStream
{
    private bool _within;

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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
