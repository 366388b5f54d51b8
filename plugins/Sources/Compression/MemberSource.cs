namespace Experiments.Plugins.Sources.Compression;

/// <summary>
/// Bytes in members, each of which can be read without those before it: the members of a gzip file, or a plain file as
/// its only member.
/// </summary>
internal abstract class MemberSource(Stream file) : IDisposable
{
    /// <summary>The underlying file; seekable.</summary>
    protected Stream File { get; } = file;

    /// <summary>Position in the file at which the current member begins. Unit: bytes.</summary>
    public long Offset { get; protected set; }

    /// <summary>How many bytes are still to be read, or null if this is known only at the end.</summary>
    public abstract long? Left { get; }

    /// <summary>Opens a file; its first bytes decide whether it is gzip, not its name.</summary>
    public static MemberSource Open(string path) => Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan));

    /// <summary>Opens a seekable stream; its first bytes decide whether it is gzip.</summary>
    public static MemberSource Open(Stream file)
    {
        var gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return gzip ? new GzipMembers(file) : new PlainMember(file);
    }

    /// <summary>Moves to the next member; false at the end of the file.</summary>
    /// <exception cref="DamagedInputException">The next bytes are not a member.</exception>
    public abstract bool Next();

    /// <summary>Reads from the current member; 0 at its end, when its checksum was right.</summary>
    /// <exception cref="DamagedInputException">The member is truncated or corrupt.</exception>
    public abstract int Read(Span<byte> target);

    /// <summary>
    /// After damage: moves to the next member whose content begins with <paramref name="mark"/>, so that
    /// <see cref="Next"/> opens it; false if there is none.
    /// </summary>
    public abstract bool Resynchronise(ReadOnlySpan<byte> mark);

    /// <inheritdoc/>
    public virtual void Dispose() => File.Dispose();

    private sealed class PlainMember(Stream file) : MemberSource(file)
    {
        private bool _begun;

        public override long? Left => File.Length - File.Position;

        public override bool Next() => !_begun && (_begun = true);

        public override int Read(Span<byte> target) => File.Read(target);

        public override bool Resynchronise(ReadOnlySpan<byte> mark) => false;
    }
}
